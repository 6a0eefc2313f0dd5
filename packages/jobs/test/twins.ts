// What tests of jobs share: text whose words come often and seldom, and orders of bytes.

/** Lines of words, the same for the same seed; some are empty, some repeat. */
export function textOf(lines: number, seed = 1): readonly string[] {
  let state = seed;
  const next = (below: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const words = ["the", "The", "data", "node", "naïve", "x1", "\u{1f642}", "Größe", "a-b", "7"];
  return Array.from({ length: lines }, () =>
    Array.from({ length: next(9) }, () => words[next(words.length)] ?? "").join(" "),
  );
}

/** Order of texts by their UTF-8 bytes. */
export function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** How often each text occurs. */
export function countEach(texts: Iterable<string>): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
