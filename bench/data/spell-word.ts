// Made-up words that can be spoken: a number in syllables, so that no two numbers share a word: what stands between two
// vowels can be cut into an end and a begin in one way only.

const onsets = ["b", "c", "d", "f", "g", "h", "l", "m", "n", "p", "r", "s", "t", "v", "w", "k"];
const nuclei = ["a", "e", "i", "o", "u"];
const codas = ["", "n", "r", "st"];

/** How many syllables there are: so many numbers have one, this to the power of two have two, and so on. */
export const syllables = onsets.length * nuclei.length * codas.length;

/** Spell a number from 0: the small ones are short, the next have two syllables and so on. */
export function spellWord(rank: number): string {
  let word = "";
  let rest = rank;
  do {
    const digit = rest % syllables;
    const nucleus = Math.floor(digit / onsets.length) % nuclei.length;
    word += `${onsets[digit % onsets.length]}${nuclei[nucleus]}${codas[Math.floor(digit / (onsets.length * nuclei.length))]}`;
    rest = Math.floor(rest / syllables) - 1;
  } while (rest >= 0);
  return word;
}
