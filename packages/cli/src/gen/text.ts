// Text for word counts: lines of words drawn by Zipf's law (exponent 1.07, as English is near) from 50,000 made-up
// words of one to four syllables, the frequent ones short.

import { createRandomStream } from "./random.ts";
import { createZipfTable } from "./zipf-table.ts";
import type { LineSource } from "./line-source.ts";
import { generatedLineBytesMax } from "./line-source.ts";

const wordCount = 50_000;
const zipfExponent = 1.07;
/** Each word's slot in the packed table: its bytes, and its length in the last one. The longest word has 12 letters. */
const slotBytes = 16;
const onsets = ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "st", "tr", "pl"];
const vowels = ["a", "e", "i", "o", "u"];

/** Make the source of one file. */
export function createTextSource(seed: number, file: number): LineSource {
  const random = createRandomStream(seed, file);
  const zipf = createZipfTable(wordCount, zipfExponent);
  const words = packWords();
  return {
    fill: (into, offset) => {
      let at = offset;
      while (at + generatedLineBytesMax <= into.length) {
        // 8 to 23 words of at most 13 bytes with their blank: 299 bytes at most.
        for (let left = 8 + (random.next() >>> 28); left > 0; left -= 1) {
          const slot = zipf.draw(random) * slotBytes;
          const bytes = words[slot + slotBytes - 1] ?? 0;
          for (let index = 0; index < bytes; index += 1) into[at + index] = words[slot + index] ?? 0;
          at += bytes;
          into[at] = 0x20;
          at += 1;
        }
        into[at - 1] = 0x0a;
      }
      return at;
    },
  };
}

function packWords(): Uint8Array {
  const packed = new Uint8Array(wordCount * slotBytes);
  for (let rank = 0; rank < wordCount; rank += 1) {
    const word = spell(rank);
    for (let index = 0; index < word.length; index += 1) packed[rank * slotBytes + index] = word.charCodeAt(index);
    packed[rank * slotBytes + slotBytes - 1] = word.length;
  }
  return packed;
}

/** Spell a number in syllables, so that no two ranks share a word: 80 syllables are the digits. */
function spell(rank: number): string {
  const base = onsets.length * vowels.length;
  let word = "";
  let rest = rank;
  do {
    const digit = rest % base;
    word += `${onsets[digit % onsets.length]}${vowels[Math.floor(digit / onsets.length)]}`;
    rest = Math.floor(rest / base) - 1;
  } while (rest >= 0);
  return word;
}
