// How the pairs of a join look: the index of an input as order key, so that values of a key come input by input, and a
// value that says which input it is of.

import { type ByteReader, type ByteSink, type Codec, type KeyCodec, makeCodec, makeKeyCodec } from "@millrace/data";

/** A value of one input. */
export interface SideValue {
  /** Index of the input. */
  side: number;
  value: unknown;
  /** Bytes of its encoding; 0 before it was one. */
  bytes: number;
}

const writeSide = (side: number, sink: ByteSink): void => sink.writeByte(side);
const readSide = (reader: ByteReader): number => reader.readByte();

/** The index of an input, 0 to 255, as one byte. */
export const sideCodec: KeyCodec<number, "input"> = makeKeyCodec("input", {
  encodeTo: writeSide,
  decodeFrom: readSide,
  encodePart: writeSide,
  decodePart: readSide,
});

/**
 * Make the codec of values of any of the inputs: one byte that names the input, then the value by its own codec.
 *
 * @param codecs - by the inputs' names, in declared order.
 */
export function createSideValueCodec(codecs: ReadonlyMap<string, Codec<unknown>>): Codec<SideValue> {
  const each = [...codecs.values()];
  const wire = { oneOf: Object.fromEntries([...codecs].map(([name, codec]) => [name, codec.wire])) };
  return makeCodec<SideValue, typeof wire>(wire, {
    encodeTo: ({ side, value }, sink) => {
      sink.writeByte(side);
      // The caller gives indexes of inputs alone.
      each[side]?.encodeTo(value, sink);
    },
    decodeFrom: (reader) => {
      const bytes = reader.end - reader.at;
      const side = reader.readByte();
      const codec = each[side];
      if (codec === undefined) throw new RangeError(`no input ${side}`);
      return { side, value: codec.decodeFrom(reader), bytes };
    },
  });
}
