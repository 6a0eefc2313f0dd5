// What the language does with texts. A text is a row of characters (code points); a lone surrogate is one of them.

/** Words: the longest runs of characters that are no white space (`\s`), in order. Of an empty text there are none. */
export function splitWords(text: string): readonly string[] {
  const words = text.split(/\s+/u);
  if (words[0] === "") words.shift();
  if (words.at(-1) === "") words.pop();
  return words;
}

/** The characters from `from` on, at most `length` of them. */
export function sliceCharacters(text: string, from: number, length: number): string {
  const begin = skipCharacters(text, 0, from);
  return text.slice(begin, skipCharacters(text, begin, length));
}

/** The place `count` characters after `at`, at most the text's end. */
function skipCharacters(text: string, at: number, count: number): number {
  let place = at;
  for (let left = count; left > 0 && place < text.length; left--) place += text.codePointAt(place)! > 0xffff ? 2 : 1;
  return place;
}

/** What stands before the first `what`; all of the text where there is none. */
export function textBefore(text: string, what: string): string {
  const at = text.indexOf(what);
  return at < 0 ? text : text.slice(0, at);
}

/** A number as JavaScript writes it. */
export function textOfNumber(value: number): string {
  return String(value);
}

/** Compare texts by code points, which is the order of their UTF-8 and of text keys, unlike that of `<`. */
export function compareTexts(a: string, b: string): number {
  const common = Math.min(a.length, b.length);
  let at = 0;
  while (at < common && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === common) return a.length - b.length;
  // Surrogates stand below U+E000 as units, but above it as characters; one that the last unit begins takes part.
  if (at > 0 && (a.charCodeAt(at - 1) & 0xfc00) === 0xd800) {
    const order = a.codePointAt(at - 1)! - b.codePointAt(at - 1)!;
    if (order !== 0) return order;
  }
  return a.codePointAt(at)! - b.codePointAt(at)!;
}
