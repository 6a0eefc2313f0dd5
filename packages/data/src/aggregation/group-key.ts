// The key of a group of an aggregation that has several groupings in one shuffle: the grouping's ordinal, one byte, then
// the tuple of what is grouped by. So groups of one grouping stand together, in the order of their values.

import type { KeyCodec } from "../codec/codec.ts";
import { tupleCodec } from "../codec/compound-codecs.ts";
import { makeKeyCodec } from "../codec/make-codec.ts";
import { DataError } from "../data-error.ts";

/** A byte holds that many; no job has as many groupings. */
export const groupingCountMax = 256;

/** A group: whoever emits may use one object again and again, nothing of it is kept. */
export interface GroupKey {
  /** Which grouping, 0 being the first. */
  readonly ordinal: number;
  /** The values that the group has in common, one for each codec of the grouping. */
  readonly key: readonly unknown[];
}

/**
 * Make the codec of groups.
 *
 * @param groupings - for each grouping the codecs of its values; none for one group of all.
 * @throws {DataError} E_JOB_INVALID for no grouping or more than 256.
 */
export function groupKeyCodec(groupings: readonly (readonly KeyCodec<unknown>[])[]): KeyCodec<GroupKey> {
  if (groupings.length < 1 || groupings.length > groupingCountMax)
    throw new DataError(
      "E_JOB_INVALID",
      `Cannot group by ${groupings.length} groupings; give 1 to ${groupingCountMax}`,
    );
  const tuples = groupings.map((codecs) => tupleCodec(...codecs) as KeyCodec<readonly unknown[]>);
  const tupleAt = (ordinal: number): KeyCodec<readonly unknown[]> => {
    const tuple = tuples[ordinal];
    if (tuple === undefined) throw new RangeError(`no grouping ${ordinal}`);
    return tuple;
  };
  return makeKeyCodec<GroupKey, unknown>(
    tuples.map(({ wire }): unknown => wire),
    {
      encodeTo: (group, sink) => {
        sink.writeByte(group.ordinal);
        tupleAt(group.ordinal).encodeTo(group.key, sink);
      },
      decodeFrom: (reader) => {
        const ordinal = reader.readByte();
        return { ordinal, key: tupleAt(ordinal).decodeFrom(reader) };
      },
      encodePart: (group, sink) => {
        sink.writeByte(group.ordinal);
        tupleAt(group.ordinal).encodePart(group.key, sink);
      },
      decodePart: (reader) => {
        const ordinal = reader.readByte();
        return { ordinal, key: tupleAt(ordinal).decodePart(reader) };
      },
    },
  );
}
