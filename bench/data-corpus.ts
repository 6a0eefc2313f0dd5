// Text and records for the benches of the data plane, made in memory, the same in every run.

const topWords =
  "the of and to in a is that for it was on with as be by at this from are or an not which his he have had but they you were their one all we can her has there been if more when will would who so no she other its may these what them than some him time into only do such my new about out also two any up first could our then most see me should after said your very between made many over like those did now even well where must people through how same work being because man life before each much under years way great back use long own day little good world might part still every found men state here year against place both general case number without however another come".split(
    " ",
  );
const onsets = "b c d f g h l m n p r s t st tr br ch sh th pl cr w v k j qu".split(" ");
const nuclei = "a e i o u ea ou ai io e a i".split(" ");
const codas = ["", "n", "r", "s", "t", "l", "d", "nt", "st", "ck", "m", "ng"];

/** Numbers in [0, 1), the same for a seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** Lines of 6 to 19 words with frequencies of a Zipf law of 1.07 over 200,000 words, some capitalised, some with a comma. */
export function zipfText(bytes: number): Uint8Array {
  const random = seededRandom(1);
  const words = makeWords(200_000, random);
  const sums = new Float64Array(words.length);
  let sum = 0;
  for (let rank = 0; rank < words.length; rank++) sums[rank] = sum += 1 / (rank + 2.7) ** 1.07;
  // Searching 200,000 sums for each word would take longer than the bench: a table of guesses first.
  const guesses = Int32Array.from({ length: 65_536 }, (_, guess) => lowerBound(sums, (guess / 65_536) * sum, 0));
  const text = new Uint8Array(bytes);
  let at = 0;
  while (at < bytes - 600) {
    const count = 6 + Math.floor(random() * 14);
    for (let word = 0; word < count; word++) {
      const place = random();
      const rank = lowerBound(sums, place * sum, guesses[Math.floor(place * 65_536)]!);
      const spelt = words[rank]!;
      text.set(spelt, at);
      if (random() < 1 / 32) text[at]! -= 32;
      at += spelt.length;
      const mark = random() * 64;
      if (mark < 5) text[at++] = mark < 3 ? 44 : 46;
      text[at++] = word === count - 1 ? 10 : 32;
    }
  }
  return text.subarray(0, at);
}

function makeWords(count: number, random: () => number): Uint8Array[] {
  const pick = (from: readonly string[]): string => from[Math.floor(random() * from.length)]!;
  return Array.from({ length: count }, (_, rank) => {
    let word = topWords[rank] ?? "";
    const syllables = rank < topWords.length ? 0 : (rank < 2000 ? 1 : 2) + Math.floor(random() * (rank < 2000 ? 2 : 3));
    for (let syllable = 0; syllable < syllables; syllable++) word += pick(onsets) + pick(nuclei) + pick(codas);
    return Uint8Array.from(word.slice(0, 22), (letter) => letter.charCodeAt(0));
  });
}

function lowerBound(sums: Float64Array, value: number, from: number): number {
  let low = from;
  let step = 1;
  while (low + step < sums.length && sums[low + step]! < value) step *= 2;
  let high = Math.min(sums.length - 1, low + step);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sums[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Records of 100 bytes whose first 10 are a random printable key, as TeraSort has them. */
export function teraRecords(count: number): Uint8Array {
  const random = seededRandom(2);
  const bytes = new Uint8Array(count * 100).fill(46);
  for (let record = 0; record < count; record++)
    for (let index = 0; index < 10; index++) bytes[record * 100 + index] = 32 + Math.floor(random() * 95);
  return bytes;
}
