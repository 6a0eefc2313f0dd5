// The numbers of `context.random()`: the same for each attempt of a task, so that a map that ran again gives equal pairs.

/**
 * Make a generator of numbers in [0, 1) with 32 bits each, seeded by text such as `<plan hash>/<task>`. Equal seeds give equal sequences.
 *
 * @see sfc32 of PractRand (Chris Doty-Humphrey), seeded by FNV-1a over the UTF-16 units.
 */
export function seededRandom(seed: string): () => number {
  let a = fnv1a(seed, 0x811c9dc5);
  let b = fnv1a(seed, a);
  let c = fnv1a(seed, b);
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // 12 rounds mix the seed into all of the state, as the reference does.
  for (let round = 0; round < 12; round++) next();
  return next;
}

function fnv1a(text: string, basis: number): number {
  let hash = basis;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash;
}
