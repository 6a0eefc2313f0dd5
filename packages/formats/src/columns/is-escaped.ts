// Quotes that a backslash makes a part of the text.

const backslash = 0x5c;

/** Whether an odd number of backslashes stands before `at`, none of them before `begin`. */
export function isEscaped(line: string, begin: number, at: number): boolean {
  let first = at;
  while (first > begin && line.charCodeAt(first - 1) === backslash) first--;
  return (at - first) % 2 === 1;
}

/** Place of the first quote without an odd number of backslashes before it, or -1. */
export function closingQuote(line: string, begin: number): number {
  for (let at = line.indexOf('"', begin); at >= 0; at = line.indexOf('"', at + 1)) {
    if (!isEscaped(line, begin, at)) return at;
  }
  return -1;
}
