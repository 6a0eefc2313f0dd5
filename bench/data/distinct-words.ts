// Text in which no word occurs twice: what a table of words cannot win anything from. Words of 24 to 39 bytes, 31.5 on
// average with their blank, so that 1 GB has about 31 million.

import type { LineSource } from "../../packages/cli/src/gen/line-source.ts";
import { generatedLineBytesMax } from "../../packages/cli/src/gen/line-source.ts";

const wordsALine = 8;
/** Odd, so that multiplying by them modulo 2^32 gives each number once: words are told apart by 2^32 numbers. */
const multipliers = [0x9e3779b1, 0x85ebca6b] as const;
const digitBits = 4;
const digits = Uint8Array.from("abcdefghijklmnop", (letter) => letter.charCodeAt(0));
/** 8 digits for each of two numbers, and this much in all. */
const lettersMin = 23;
const filler = 0x78;
const blank = 0x20;
const newline = 0x0a;

/** Make the source. */
export function createDistinctWordsSource(): LineSource {
  let count = 0;
  return {
    fill: (into, offset) => {
      let at = offset;
      while (at + generatedLineBytesMax <= into.length) {
        for (let word = 0; word < wordsALine; word += 1, count += 1) {
          const scrambled = Math.imul(count + 1, multipliers[0]) >>> 0;
          writeDigits(into, at, scrambled);
          writeDigits(into, at + 8, Math.imul(scrambled ^ (scrambled >>> 15), multipliers[1]) >>> 0);
          const end = at + lettersMin + (scrambled >>> 28);
          into.fill(filler, at + 16, end);
          into[end] = blank;
          at = end + 1;
        }
        into[at - 1] = newline;
      }
      return at;
    },
  };
}

function writeDigits(into: Uint8Array, offset: number, value: number): void {
  for (let index = 0; index < 8; index += 1) into[offset + index] = digits[(value >>> (digitBits * index)) & 15] ?? 0;
}
