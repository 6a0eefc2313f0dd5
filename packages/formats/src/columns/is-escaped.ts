// Quotes that a backslash makes a part of the text.

const backslash = 0x5c;

/** Whether an odd number of backslashes stands before `at`, none of them before `begin`. */
export function isEscaped(line: string, begin: number, at: number): boolean {
  let first = at;
  while (first > begin && line.charCodeAt(first - 1) === backslash) first--;
  return (at - first) % 2 === 1;
}
