// A hash of rows whatever their order: equal for equal multisets of rows. Rows are hashed as bytes, and the hashes summed,
// so that 30 million rows need no sort.

import { readSync } from "node:fs";
import { closeSync, openSync } from "node:fs";

/** What a set of rows is. */
export interface RowsDigest {
  readonly rows: number;
  /** 24 hexadecimal digits. */
  readonly hash: string;
}

/** Takes rows, gives their digest. */
export interface RowHash {
  /** Take one row, without its line end. The bytes are read at once. */
  add(bytes: Uint8Array, begin: number, end: number): void;
  digest(): RowsDigest;
}

const newline = 0x0a;
const chunkBytes = 4 * 2 ** 20;

/** Make an empty one. */
export function createRowHash(): RowHash {
  let rows = 0;
  let [first, second, third] = [0, 0, 0];
  return {
    add: (bytes, begin, end) => {
      // Two multiplicative hashes (FNV-1a's step with two primes), mixed at the end as murmur3 does.
      let [a, b] = [0x811c9dc5, 0x9747b28c];
      for (let at = begin; at < end; at += 1) {
        const byte = bytes[at] ?? 0;
        a = Math.imul(a ^ byte, 0x01000193);
        b = Math.imul(b ^ byte, 0x5bd1e995);
        b ^= b >>> 15;
      }
      a = mix(a ^ (end - begin));
      b = mix(b);
      first = (first + a) >>> 0;
      second = (second + b) >>> 0;
      third = (third + mix(a ^ Math.imul(b, 0x9e3779b1))) >>> 0;
      rows += 1;
    },
    digest: () => ({
      rows,
      hash: [first, second, third].map((lane) => lane.toString(16).padStart(8, "0")).join(""),
    }),
  };
}

/** Hash the lines of files; a last line may lack its end. Cost: linear, 4 MiB of memory beside the longest line. */
export function hashLines(paths: readonly string[]): RowsDigest {
  const hash = createRowHash();
  for (const path of paths) forEachLine(path, (bytes, begin, end) => hash.add(bytes, begin, end));
  return hash.digest();
}

/** Call back for each line of a file. The bytes are overwritten after the call. */
export function forEachLine(path: string, take: (bytes: Uint8Array, begin: number, end: number) => void): void {
  const file = openSync(path, "r");
  try {
    let buffer = Buffer.allocUnsafe(chunkBytes);
    let kept = 0;
    for (;;) {
      if (kept === buffer.length) buffer = Buffer.concat([buffer, Buffer.allocUnsafe(buffer.length)]);
      const read = readSync(file, buffer, kept, buffer.length - kept, null);
      const filled = kept + read;
      let begin = 0;
      for (let end = buffer.indexOf(newline, kept); end >= 0 && end < filled; end = buffer.indexOf(newline, begin)) {
        take(buffer, begin, end);
        begin = end + 1;
      }
      if (read === 0) {
        if (begin < filled) take(buffer, begin, filled);
        return;
      }
      buffer.copyWithin(0, begin, filled);
      kept = filled - begin;
    }
  } finally {
    closeSync(file);
  }
}

function mix(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
