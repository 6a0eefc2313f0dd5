// The oracle of exact aggregators: big integers, and the nearest double by search over all doubles. It shares no code
// and no way of thinking with what it checks.

const view = new DataView(new ArrayBuffer(8));
const infinityBits = 0x7ff0_0000_0000_0000n;

/** A finite double as a multiple of 2^-1074. */
export function scaled(value: number): bigint {
  view.setFloat64(0, value);
  const all = view.getBigUint64(0);
  const exponent = (all >> 52n) & 0x7ffn;
  const fraction = all & 0xf_ffff_ffff_ffffn;
  const magnitude = exponent === 0n ? fraction : (fraction | 0x10_0000_0000_0000n) << (exponent - 1n);
  return value < 0 ? -magnitude : magnitude;
}

/** The sum of finite doubles as a multiple of 2^-1074. */
export function sumScaled(values: readonly number[]): bigint {
  return values.reduce((total, value) => total + scaled(value), 0n);
}

/** Their variance, rounded once; `less` is 1 for a sample, 0 for all there is. */
export function nearestVariance(values: readonly number[], less: 0 | 1): number {
  const count = BigInt(values.length);
  const total = sumScaled(values);
  const squares = values.reduce((sum, value) => sum + scaled(value) ** 2n, 0n);
  return nearestRatio(count * squares - total * total, count * (count - BigInt(less)), -2148);
}

/** The double nearest to `numerator` / `denominator` × 2^`exponent` (not above 0), ties to even; 0 is never negative. */
export function nearestRatio(numerator: bigint, denominator: bigint, exponent: number): number {
  const magnitude = numerator < 0n ? -numerator : numerator;
  // Doubles are in the order of their bits. What is searched: the last whose value is not above.
  const below = (bits: bigint): bigint =>
    (magnitude << 1074n) - ((scaledOfBits(bits) * denominator) << BigInt(-exponent));
  let low = 0n;
  let high = infinityBits;
  while (low < high) {
    const middle = (low + high + 1n) >> 1n;
    if (below(middle) >= 0n) low = middle;
    else high = middle - 1n;
  }
  const over = low === infinityBits ? 0n : below(low) + below(low + 1n);
  const bits = over > 0n || (over === 0n && (low & 1n) === 1n && low !== infinityBits) ? low + 1n : low;
  view.setBigUint64(0, bits);
  const result = view.getFloat64(0);
  return numerator < 0n && result !== 0 ? -result : result;
}

/** Infinity stands where the next double would be. */
function scaledOfBits(bits: bigint): bigint {
  if (bits === infinityBits) return 1n << 2098n;
  view.setBigUint64(0, bits);
  return scaled(view.getFloat64(0));
}
