// A text that all matches of a regular expression hold, found by reading its source with care: what is not understood
// ends the search, so that the answer is never wrong, at worst empty.

/** What may follow a backslash and stands for itself. */
export const syntaxCharacters = new Set("^$\\.*+?()[]{}|/-");
/** What may follow a backslash and is one character or none, but not this one. */
const otherEscapes = new Set("dDwWsSbBnrtfv");

/**
 * The longest text, of those that are easily found, that whatever matches `pattern` must hold. Empty when there is none,
 * as for a pattern that ignores case.
 *
 * @example
 * ```ts
 * requiredText(/\bGET \/api\/\d+/u); // "GET /api/"
 * ```
 */
export function requiredText(pattern: RegExp): string {
  if (/[iv]/u.test(pattern.flags)) return "";
  const characters = Array.from(pattern.source);
  let longest = "";
  let run: string[] = [];
  const endRun = (): void => {
    if (run.join("").length > longest.length) longest = run.join("");
    run = [];
  };
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? "";
    if (character === "|" || character === ")") return "";
    if (character === "*" || character === "?" || character === "{") {
      // What stands before it may be left out, but for `{2}`, which is not looked at.
      run.pop();
      endRun();
      if (character === "{") at = endOf(characters, at, "}");
    } else if (character === "[") {
      endRun();
      at = endOfClass(characters, at);
    } else if (character === "(") {
      endRun();
      at = endOfGroup(characters, at);
    } else if (character === "\\") {
      const escaped = characters[++at] ?? "";
      if (syntaxCharacters.has(escaped)) run.push(escaped);
      else if (otherEscapes.has(escaped)) endRun();
      else return "";
    } else if (".^$+".includes(character)) endRun();
    else run.push(character);
  }
  endRun();
  return longest;
}

function endOf(characters: readonly string[], from: number, what: string): number {
  const found = characters.indexOf(what, from);
  return found < 0 ? characters.length : found;
}

function endOfClass(characters: readonly string[], from: number): number {
  for (let at = from + 1; at < characters.length; at++) {
    if (characters[at] === "\\") at++;
    else if (characters[at] === "]") return at;
  }
  return characters.length;
}

function endOfGroup(characters: readonly string[], from: number): number {
  let depth = 0;
  for (let at = from; at < characters.length; at++) {
    if (characters[at] === "\\") at++;
    else if (characters[at] === "[") at = endOfClass(characters, at);
    else if (characters[at] === "(") depth++;
    else if (characters[at] === ")" && --depth === 0) return at;
  }
  return characters.length;
}
