// A codec under LZ4's name that every machine has, with a speed that is played: no test needs the native package, and none
// depends on how busy the machine is.

import { deflateRawSync, inflateRawSync } from "node:zlib";
import type { BlockCodec } from "@millrace/data";
import type { Moment } from "../src/gather/answer-meter.ts";

/** A codec and what it took. */
export interface PlayedCodec extends BlockCodec {
  /** Milliseconds of all packing so far. */
  readonly spentMs: () => number;
  /** Times that it unpacked. */
  readonly unpacked: () => number;
}

/** @param rate bytes a millisecond that it packs. */
export function playedCodec(rate = 400_000): PlayedCodec {
  let spentMs = 0;
  let unpacked = 0;
  return {
    id: 1,
    name: "lz4",
    compress: (raw) => {
      spentMs += raw.length / rate;
      return deflateRawSync(raw, { level: 1 });
    },
    decompress: (stored, rawBytes) => {
      unpacked += 1;
      const raw = inflateRawSync(stored, { maxOutputLength: rawBytes + 1 });
      if (raw.length !== rawBytes) throw new Error(`A block holds ${raw.length} bytes, not ${rawBytes}`);
      return raw;
    },
    spentMs: () => spentMs,
    unpacked: () => unpacked,
  };
}

/** A clock that moves with the bytes that a link has carried, at so many a millisecond, and with the codec's work. */
export function playedClock(carried: () => number, rate: number, codec: PlayedCodec): () => Moment {
  return () => ({ atMs: carried() / rate + codec.spentMs(), busyMs: 0 });
}
