// Rows of the sort benchmark as gensort and Hadoop's TeraGen make them: 100 bytes, the first 10 a random key, then the
// row's number in hexadecimal and filler.

import type { LineSource } from "./line-source.ts";
import { Random16 } from "./random16.ts";

/** Length of a row. */
export const teraRowBytes = 100;

const numberBegin = 12;
const numberEnd = 44;
const fillerBegin = 48;
const fillerEnd = 96;
const digits = Uint8Array.from("0123456789ABCDEF", (digit) => digit.charCodeAt(0));
const nine = 0x39;
const letterA = 0x41;
const letterF = 0x46;

/**
 * Make the source of rows from a number on: the same rows, wherever a file begins.
 *
 * @see Hadoop, `org.apache.hadoop.examples.terasort.GenSort.generateRecord`.
 */
export function createTeraSource(firstRow: number): LineSource {
  const random = new Random16(firstRow);
  const row = emptyRow(firstRow);
  return {
    fill: (into, offset) => {
      let at = offset;
      for (; at + teraRowBytes <= into.length; at += teraRowBytes) {
        random.next();
        writeRandom(row, random.limbs);
        into.set(row, at);
        raiseNumber(row);
      }
      return at;
    },
  };
}

/** All but what the random number decides. */
function emptyRow(number: number): Uint8Array {
  const row = new Uint8Array(teraRowBytes);
  row.set([0x00, 0x11], 10);
  const hex = number
    .toString(16)
    .toUpperCase()
    .padStart(numberEnd - numberBegin, "0");
  for (let index = 0; index < hex.length; index += 1) row[numberBegin + index] = hex.charCodeAt(index);
  row.set([0x88, 0x99, 0xaa, 0xbb], numberEnd);
  row.set([0xcc, 0xdd, 0xee, 0xff], fillerEnd);
  return row;
}

/** The key is the high 10 bytes of the number, the filler its low 12 hexadecimal digits, four times each. */
function writeRandom(row: Uint8Array, limbs: Float64Array): void {
  for (let index = 0; index < 5; index += 1) {
    const limb = limbs[7 - index] ?? 0;
    row[2 * index] = limb >>> 8;
    row[2 * index + 1] = limb & 0xff;
  }
  let at = fillerBegin;
  for (let index = 2; index >= 0; index -= 1) {
    const limb = limbs[index] ?? 0;
    for (let shift = 12; shift >= 0; shift -= 4, at += 4) {
      const digit = digits[(limb >>> shift) & 15] ?? 0;
      row[at] = digit;
      row[at + 1] = digit;
      row[at + 2] = digit;
      row[at + 3] = digit;
    }
  }
}

/** Count on in hexadecimal. */
function raiseNumber(row: Uint8Array): void {
  for (let at = numberEnd - 1; at >= numberBegin; at -= 1) {
    const digit = row[at] ?? 0;
    if (digit !== letterF) {
      row[at] = digit === nine ? letterA : digit + 1;
      return;
    }
    row[at] = 0x30;
  }
}
