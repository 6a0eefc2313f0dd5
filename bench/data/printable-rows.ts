// Rows of the sort benchmark that any tool for text can sort: 100 bytes with the line end, the first 10 a random key of
// letters and digits, then the row's number and filler.

import { createRandomStream } from "../../packages/cli/src/gen/random.ts";
import type { LineSource } from "../../packages/cli/src/gen/line-source.ts";
import { append, ascii } from "../../packages/cli/src/gen/write-ascii.ts";

const rowBytes = 100;
const keyBytes = 10;
const numberBytes = 32;
const hexadecimal = ascii("0123456789ABCDEF");
const letters = ascii("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+-");

/** Make the source. */
export function createPrintableRowsSource(): LineSource {
  const random = createRandomStream(2, 0);
  let row = 0;
  const filler = Array.from({ length: 26 }, (_, letter) => ascii(String.fromCharCode(65 + letter).repeat(57)));
  return {
    fill: (into, offset) => {
      let at = offset;
      for (; at + rowBytes <= into.length; row += 1) {
        const [low, high] = [random.next(), random.next()];
        for (let index = 0; index < keyBytes; index += 1) {
          const drawn = index < 5 ? low >>> (6 * index) : high >>> (6 * (index - 5));
          into[at + index] = letters[drawn & 63] ?? 0;
        }
        at += keyBytes;
        for (let index = 0; index < numberBytes; index += 1) into[at + index] = 0x30;
        for (let index = numberBytes - 1, rest = row; rest > 0; index -= 1, rest = Math.floor(rest / 16))
          into[at + index] = hexadecimal[rest % 16] ?? 0;
        at += numberBytes;
        at = append(into, at, filler[row % 26] ?? new Uint8Array());
        into[at] = 0x0a;
        at += 1;
      }
      return at;
    },
  };
}
