// Buckets of quantiles, as src/aggregate/quantile.ts has them: of a value, and where they lie in a state.

// V8's own: another may differ in the last bit.
@external("env", "log")
declare function log(value: f64): f64;

const bucketShift: f64 = 40_000;
export const bucketBytes: u32 = 12;
// Table of buckets: for each power of two below 2^31, and each 64th of it, the bucket of the least whole number there,
// and the first number of the next bucket: buckets are 2 % wide, so that there is at most one border. 0 where it is not
// known yet. Greater numbers may be so near that logarithms do not tell them apart: their buckets are always reckoned.
const tableMax: f64 = 2_147_483_647;

/** The bucket of a value that is not NaN. */
@inline
export function bucketOf(value: f64, logGamma: f64, table: usize): i32 {
  if (!(value >= 1 && value <= tableMax)) return reckonBucket(value, logGamma);
  const whole = <u32>value;
  const power = 31 - <u32>clz(whole);
  const part = (power >= 6 ? whole >>> (power - 6) : whole << (6 - power)) & 63;
  const entry = table + (<usize>((power << 6) + part) << 3);
  const first = load<i32>(entry);
  if (<f64>whole != value || first == 0) return fillEntry(entry, value, logGamma);
  return first + <i32>(whole >= load<u32>(entry, 4));
}

function reckonBucket(value: f64, logGamma: f64): i32 {
  if (value == 0) return 0;
  const index = <i32>(ceil(log(abs(value)) / logGamma) + bucketShift);
  return value < 0 ? -index : index;
}

/** Reckon the bucket of a value, and the entry that it is of when it is whole. */
function fillEntry(entry: usize, value: f64, logGamma: f64): i32 {
  const bucket = reckonBucket(value, logGamma);
  const whole = <u32>value;
  if (<f64>whole != value) return bucket;
  const power = 31 - <u32>clz(whole);
  const step = power >= 6 ? (<u32>1) << (power - 6) : 1;
  const least = whole & ~(step - 1);
  const first = reckonBucket(<f64>least, logGamma);
  let low = least + 1;
  let high = least + step;
  // The first number of [low, high) that is of the next bucket; `high` when none is.
  while (low < high) {
    const middle = low + ((high - low) >>> 1);
    if (reckonBucket(<f64>middle, logGamma) == first) low = middle + 1;
    else high = middle;
  }
  store<u32>(entry, low, 4);
  store<i32>(entry, first);
  return bucket;
}

/**
 * Find a bucket in the part of a state at `at`.
 *
 * @returns its place from there, or where it belongs, complemented.
 */
@inline
export function findBucket(at: usize, bucket: i32): i32 {
  const count = load<u32>(at);
  if (count == 0) return ~8;
  const buckets = at + 8;
  // Buckets ascend: none lies farther from the first, or from the last, than its number does.
  const first = load<i32>(buckets);
  const last = load<i32>(buckets + <usize>((count - 1) * bucketBytes));
  if (bucket < first) return ~8;
  if (bucket > last) return ~(<i32>(8 + count * bucketBytes));
  let high = min<u32>(count - 1, <u32>(bucket - first));
  let low = <u32>max<i32>(0, <i32>(count - 1) - (last - bucket));
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (load<i32>(buckets + <usize>(middle * bucketBytes)) < bucket) low = middle + 1;
    else high = middle;
  }
  const place = <i32>(8 + low * bucketBytes);
  return load<i32>(at + <usize>place) == bucket ? place : ~place;
}
