// Text that makes a word count work: Zipf's law over 200,000 words, some with a capital or a mark behind them, which are
// words of their own to who splits at blanks: about 0.8 million different ones in 1 GB. `millrace gen text` has 50,000.

import { createRandomStream } from "../../packages/cli/src/gen/random.ts";
import type { LineSource } from "../../packages/cli/src/gen/line-source.ts";
import { generatedLineBytesMax } from "../../packages/cli/src/gen/line-source.ts";
import { createZipfTable } from "../../packages/cli/src/gen/zipf-table.ts";
import { spellWord, syllables } from "./spell-word.ts";

const wordCount = 200_000;
const zipfExponent = 1.07;
const shortWords = 64;
/** Neither even nor a multiple of 5, as the count of syllables is: no two ranks meet. */
const scatter = 163_841;
const blank = 0x20;
const comma = 0x2c;
const period = 0x2e;
const newline = 0x0a;
/** What a letter of ASCII has more than its capital. */
const capital = 0x20;

/** Make the source. Lines have 6 to 21 words. */
export function createManyWordsSource(): LineSource {
  const random = createRandomStream(1, 0);
  const zipf = createZipfTable(wordCount, zipfExponent);
  const { letters, begins } = packWords();
  return {
    fill: (into, offset) => {
      let at = offset;
      while (at + generatedLineBytesMax <= into.length) {
        for (let left = 6 + (random.next() >>> 28); left > 0; left -= 1) {
          const rank = zipf.draw(random);
          const drawn = random.next();
          const first = at;
          const end = begins[rank + 1] ?? 0;
          for (let from = begins[rank] ?? 0; from < end; from += 1, at += 1) into[at] = letters[from] ?? 0;
          // One of 32 has a capital; of 64 three have a comma and two a period behind them.
          if ((drawn & 31) === 0) into[first] = (into[first] ?? 0) - capital;
          const mark = (drawn >>> 8) & 63;
          if (mark < 5) {
            into[at] = mark < 3 ? comma : period;
            at += 1;
          }
          into[at] = blank;
          at += 1;
        }
        into[at - 1] = newline;
      }
      return at;
    },
  };
}

/** Lay the words out in a row. `begins` has one more, the end of the last. */
function packWords(): { readonly letters: Uint8Array; readonly begins: Int32Array } {
  const words = Array.from({ length: wordCount }, (_, rank) => spellWord(numberOf(rank)));
  const begins = new Int32Array(wordCount + 1);
  words.forEach((word, rank) => {
    begins[rank + 1] = (begins[rank] ?? 0) + word.length;
  });
  return { letters: new TextEncoder().encode(words.join("")), begins };
}

/**
 * Frequent words have one syllable, all others three, which makes 7.5 bytes a word with its blank; English has 6. They are
 * drawn from all of that length, so that neighbours in frequency are none in spelling.
 */
function numberOf(rank: number): number {
  if (rank < shortWords) return rank;
  return syllables + syllables ** 2 + ((rank * scatter) % syllables ** 3);
}
