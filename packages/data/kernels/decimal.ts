// Decimal numbers whose doubles are exact: a quotient or a product of two exact doubles is rounded once, to the nearest one
// (Clinger 1990). Digits are up to 15, and powers of ten up to 22.

const digitsMax: usize = 15;
export const powerMax: u32 = 22;

const powers = memory.data<f64>([
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21,
  1e22,
]);

/** A power of ten, up to that of {@link powerMax}. */
@inline
export function powerOfTen(exponent: usize): f64 {
  return load<f64>(powers + (exponent << 3));
}

/** The digits that {@link digitsEnd} read last, as a whole number, and where their point stands: 0 without one. */
export let digitsRead: f64 = 0;
export let pointRead: usize = 0;

/** Read 1 to 15 digits, and a point before, among or behind them, or none. @returns their end, or 0 when there are others. */
@inline
export function digitsEnd(from: usize, end: usize): usize {
  let digits: u64 = 0;
  let at = from;
  let point: usize = 0;
  // One more than all and their point: whoever comes as far has too many.
  const stop = min(end, from + digitsMax + 2);
  for (; at < stop; at++) {
    const digit = <u32>load<u8>(at) - 48;
    if (digit <= 9) digits = digits * 10 + digit;
    else if (load<u8>(at) == 0x2e && point == 0) point = at;
    else break;
  }
  const count = at - from - <usize>(point != 0);
  if (count == 0 || count > digitsMax) return 0;
  digitsRead = <f64>digits;
  pointRead = point;
  return at;
}

/** To the nearest whole number, halves up. */
@inline
export function halvesUp(value: f64): f64 {
  const below = floor(value);
  return value - below >= 0.5 ? below + 1 : below;
}
