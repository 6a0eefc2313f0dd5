// The values of one group, as user code sees them: decoded one by one, once.

import { ByteReader } from "../bytes/byte-reader.ts";
import { ByteSink } from "../bytes/byte-sink.ts";
import type { Codec } from "../codec/codec.ts";
import { DataError } from "../data-error.ts";
import type { GroupCursor } from "./group-cursor.ts";
import { readValue } from "./state-fold.ts";

/** Hand out the values of the group that a cursor is at. Memory: the value at hand. */
export class GroupValues<V> {
  readonly #cursor: GroupCursor;
  readonly #codec: Codec<V>;
  readonly #reader = new ByteReader();
  readonly #apart = new ByteSink(64);

  constructor(cursor: GroupCursor, codec: Codec<V>) {
    this.#cursor = cursor;
    this.#codec = codec;
  }

  /** An iterable of the current group. @throws {DataError} E_USER_CODE from a second iteration, and from one that goes on after the group. */
  open(): Iterable<V> {
    const group = this.#cursor.groups;
    let isTaken = false;
    // One result object for all values: a loop reads it before it asks again.
    const result: { done: boolean; value: V } = { done: false, value: undefined as V };
    const next = (): IteratorResult<V> => {
      if (this.#cursor.groups !== group) refuseIteration("after its group has ended");
      result.done = !this.#cursor.nextPair();
      result.value = result.done ? (undefined as V) : this.#decode();
      return result as IteratorResult<V>;
    };
    return {
      [Symbol.iterator]: () => {
        if (isTaken) refuseIteration("a second time");
        isTaken = true;
        return { next };
      },
    };
  }

  #decode(): V {
    const { current } = this.#cursor;
    if (current.isApart) {
      readValue(current, this.#apart);
      return decodeAll(this.#codec, this.#reader.reset(this.#apart.bytes, 0, this.#apart.length));
    }
    return decodeAll(this.#codec, this.#reader.reset(current.block, current.valueStart, current.valueEnd));
  }
}

/** Decode all of a reader's bytes. @throws {DataError} E_VALUE_INVALID when they are no encoding. */
export function decodeAll<V>(codec: Codec<V>, reader: ByteReader): V {
  try {
    return codec.decodeFrom(reader);
  } catch (thrown) {
    if (thrown instanceof DataError) throw thrown;
    const reason = thrown instanceof Error ? thrown.message : "no encoding";
    throw new DataError(
      "E_VALUE_INVALID",
      `Cannot decode a value as ${JSON.stringify(codec.wire)}: ${reason}; read it with the codec that wrote it`,
    );
  }
}

function refuseIteration(how: string): never {
  throw new DataError(
    "E_USER_CODE",
    `Cannot iterate the values of a key ${how}: they stream once; copy what is needed again into an array`,
  );
}
