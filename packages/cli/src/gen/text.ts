// Text for word counts: lines of words drawn by Zipf's law (exponent 1.07, as English is near) from 50,000 made-up
// words of one to three syllables, the frequent ones short.

import { createRandomStream } from "./random.ts";
import { createZipfTable } from "./zipf-table.ts";
import type { LineSource } from "./line-source.ts";
import { generatedLineBytesMax } from "./line-source.ts";

const wordCount = 50_000;
const zipfExponent = 1.07;
/** Bytes of a word's slot: three numbers of text, as many as the longest word and its blank need, and their length. */
const slotBytes = 16;
const slotWords = slotBytes / 4;
const onsets = ["b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "st", "tr", "pl"];
const vowels = ["a", "e", "i", "o", "u"];

/** Make the source of one file. */
export function createTextSource(seed: number, file: number): LineSource {
  const random = createRandomStream(seed, file);
  const zipf = createZipfTable(wordCount, zipfExponent);
  const words = packWords();
  return {
    fill: (into, offset) => {
      const view = new DataView(into.buffer, into.byteOffset, into.byteLength);
      let at = offset;
      while (at + generatedLineBytesMax <= into.length) {
        // 8 to 23 words of at most 10 bytes with their blank: 230 bytes at most, and what is stored beyond a word is
        // written over by the next.
        for (let left = 8 + (random.next() >>> 28); left > 0; left -= 1) {
          const slot = zipf.draw(random) * slotWords;
          const last = words[slot + slotWords - 1] ?? 0;
          view.setUint32(at, words[slot] ?? 0, true);
          view.setUint32(at + 4, words[slot + 1] ?? 0, true);
          if (last > 8) view.setUint32(at + 8, words[slot + 2] ?? 0, true);
          at += last;
        }
        into[at - 1] = 0x0a;
      }
      return at;
    },
  };
}

/** Lay each word and its blank out in a slot of its own, whose last number is their length. */
function packWords(): Uint32Array {
  const packed = new Uint8Array(wordCount * slotBytes);
  const view = new DataView(packed.buffer);
  for (let rank = 0; rank < wordCount; rank += 1) {
    const word = `${spell(rank)} `;
    for (let index = 0; index < word.length; index += 1) packed[rank * slotBytes + index] = word.charCodeAt(index);
    view.setUint32(rank * slotBytes + slotBytes - 4, word.length, true);
  }
  return Uint32Array.from({ length: wordCount * slotWords }, (_, index) => view.getUint32(4 * index, true));
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
