// The random numbers of the sort benchmark: 128 bits each, and any of them without those before, so that files of rows
// can be made apart.

const modulus = 1n << 128n;
const multiplier = 0x2360ed051fc65da44385df649fccf645n;
/** `JimGrayRIP     ` and 1. */
const increment = 0x4a696d47726179524950202020202001n;

const limbBits = 16n;
const limbCount = 8;
const limbMask = 0xffff;

const multiplierLimbs = limbsOf(multiplier);
const incrementLimbs = limbsOf(increment);

/**
 * Numbers of the linear congruential generator x → x · a + c modulo 2^128 that begins at 0.
 *
 * @see gensort, `rand16.c`; Hadoop, `org.apache.hadoop.examples.terasort.Random16`.
 */
export class Random16 {
  /** The number in 16-bit parts, the lowest first. */
  readonly limbs: Float64Array;

  /** @param index the number that comes before the first `next`: 0 to 2^53 - 1. */
  constructor(index: number) {
    this.limbs = limbsOf(numberAt(BigInt(index)));
  }

  /** Go to the next number. */
  next(): void {
    const { limbs } = this;
    // From the highest part down, so that a product still finds the parts of the old number below it. A sum of eight
    // products and what is carried stays below 2^36.
    for (let index = limbCount - 1; index >= 0; index -= 1) {
      let sum = incrementLimbs[index] ?? 0;
      for (let low = 0; low <= index; low += 1) sum += (limbs[low] ?? 0) * (multiplierLimbs[index - low] ?? 0);
      limbs[index] = sum;
    }
    let carry = 0;
    for (let index = 0; index < limbCount; index += 1) {
      const sum = (limbs[index] ?? 0) + carry;
      carry = Math.floor(sum / 65_536);
      limbs[index] = sum - carry * 65_536;
    }
  }
}

/** The number at a place of the sequence, in as many steps as the place has bits. */
function numberAt(index: bigint): bigint {
  let x = 0n;
  let a = multiplier;
  let c = increment;
  for (let rest = index; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) x = (x * a + c) % modulus;
    // Twice the step: a(ax + c) + c.
    c = (a * c + c) % modulus;
    a = (a * a) % modulus;
  }
  return x;
}

function limbsOf(value: bigint): Float64Array {
  return Float64Array.from({ length: limbCount }, (_, index) =>
    Number((value >> (limbBits * BigInt(index))) & BigInt(limbMask)),
  );
}
