// The small parts that times in logs are made of.

const zero = 0x30;

/** Two digits as a number, or -1 or less. */
export function twoDigits(line: string, at: number): number {
  const tens = line.charCodeAt(at) - zero;
  const ones = line.charCodeAt(at + 1) - zero;
  // Not a digit, or beyond the end (NaN): the comparison fails.
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** Months from 0, by their names in English as logs write them. */
export const monthNumbers: ReadonlyMap<string, number> = new Map(
  ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"].map((name, index) => [
    name,
    index,
  ]),
);
