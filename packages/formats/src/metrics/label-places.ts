// Finds the label set of a sample or an exemplar in its line, and checks it, without cutting it up.

const tab = 0x09;
const blank = 0x20;
const quoteMark = 0x22;
const comma = 0x2c;
const equalsSign = 0x3d;
const backslash = 0x5c;
const letterN = 0x6e;
const closingBrace = 0x7d;

/** What ASCII characters may be in a name: 1 first in a label's, 2 later in a label's, 4 and 8 the same in a metric's. */
const nameClass = new Uint8Array(128);
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code);
  if (/[a-zA-Z_]/u.test(character)) nameClass[code] = 1 | 2 | 4 | 8;
  else if (/[0-9]/u.test(character)) nameClass[code] = 2 | 8;
  else if (character === ":") nameClass[code] = 4 | 8;
}

/** Pass over a name. @returns the place after it; `at` when there is none. */
function skipName(line: string, at: number, first: number, later: number): number {
  let code = line.charCodeAt(at);
  // Beyond the end it is NaN, which no comparison takes.
  if (!(code < 128) || ((nameClass[code] ?? 0) & first) === 0) return at;
  let place = at + 1;
  for (;;) {
    code = line.charCodeAt(place);
    if (!(code < 128) || ((nameClass[code] ?? 0) & later) === 0) return place;
    place++;
  }
}

/** Pass over the name of a metric, `[a-zA-Z_:][a-zA-Z0-9_:]*`. @returns the place after it; `at` when there is none. */
export function skipMetricName(line: string, at: number): number {
  return skipName(line, at, 4, 8);
}

/** Pass over the name of a label, `[a-zA-Z_][a-zA-Z0-9_]*`. @returns the place after it; `at` when there is none. */
export function skipLabelName(line: string, at: number): number {
  return skipName(line, at, 1, 2);
}

/** Pass over blanks and tabs. */
export function skipBlanks(line: string, at: number): number {
  let place = at;
  for (;;) {
    const code = line.charCodeAt(place);
    if (code !== blank && code !== tab) return place;
    place++;
  }
}

/** Checks label sets, one after the other. */
export class LabelPlaces {
  /** Place of the closing brace of the last set. */
  end = 0;
  /** Whether the last set is written as {@link canonicalLabels} writes it. */
  canonical = true;
  /** Characters of names and values of the last set, as they are written. */
  characters = 0;
  /** Name of the label before. */
  #lastBegin = -1;
  #lastEnd = -1;

  /**
   * Check the set whose opening brace lies before `begin`.
   *
   * @returns an empty text, or why it is none.
   * @see Prometheus, "Text-based format"; OpenMetrics 1.0, ABNF of `labels`.
   */
  parse(line: string, begin: number): string {
    this.canonical = true;
    this.characters = 0;
    this.#lastBegin = -1;
    let ascends = true;
    let at = begin;
    for (;;) {
      const nameBegin = skipBlanks(line, at);
      if (line.charCodeAt(nameBegin) === closingBrace) {
        // `{}`, or a comma before the brace.
        this.canonical = false;
        this.end = nameBegin;
        break;
      }
      const nameEnd = skipLabelName(line, nameBegin);
      if (nameEnd === nameBegin) return reasonWithoutName(line, nameBegin);
      const after = this.#parseValue(line, nameBegin, nameEnd);
      if (after < 0) return after === -1 ? "a label has no quoted value" : "a label's value has no closing quote";
      ascends &&= this.#lastBegin < 0 || this.#isAfterLast(line, nameBegin, nameEnd);
      this.#lastBegin = nameBegin;
      this.#lastEnd = nameEnd;
      const mark = skipBlanks(line, after);
      const code = line.charCodeAt(mark);
      if (nameBegin !== at || mark !== after) this.canonical = false;
      if (code === closingBrace) {
        this.end = mark;
        break;
      }
      if (code !== comma) return "no comma or closing brace after a label";
      at = mark + 1;
    }
    if (ascends) return "";
    this.canonical = false;
    return duplicateIn(line, begin);
  }

  /** Whether a name sorts after the one before; names are ASCII. */
  #isAfterLast(line: string, begin: number, end: number): boolean {
    const lastBegin = this.#lastBegin;
    const lastLength = this.#lastEnd - lastBegin;
    const length = Math.min(lastLength, end - begin);
    for (let index = 0; index < length; index++) {
      const difference = line.charCodeAt(begin + index) - line.charCodeAt(lastBegin + index);
      if (difference !== 0) return difference > 0;
    }
    return end - begin > lastLength;
  }

  /** From the end of a name to the place after the closing quote; -1 without `="`, -2 without its end. */
  #parseValue(line: string, nameBegin: number, nameEnd: number): number {
    let at = nameEnd;
    if (line.charCodeAt(at) !== equalsSign || line.charCodeAt(at + 1) !== quoteMark) {
      this.canonical = false;
      at = skipBlanks(line, at);
      if (line.charCodeAt(at) !== equalsSign) return -1;
      at = skipBlanks(line, at + 1) - 1;
      if (line.charCodeAt(at + 1) !== quoteMark) return -1;
    }
    const begin = at + 2;
    let place = begin;
    for (;;) {
      const code = line.charCodeAt(place);
      if (code === quoteMark) break;
      if (code === backslash) {
        place++;
        const escaped = line.charCodeAt(place);
        if (escaped !== backslash && escaped !== quoteMark && escaped !== letterN) this.canonical = false;
      }
      if (place >= line.length) return -2;
      place++;
    }
    // A label without a value is no label.
    if (place === begin) this.canonical = false;
    this.characters += nameEnd - nameBegin + place - begin;
    return place + 1;
  }
}

function reasonWithoutName(line: string, at: number): string {
  if (at >= line.length) return "the labels have no closing brace";
  return line.charCodeAt(at) === quoteMark
    ? "a quoted name among the labels, which these formats do not have"
    : "no label name where one must be";
}

function duplicateIn(line: string, begin: number): string {
  const names = new Set<string>();
  let twice = "";
  eachLabel(line, begin, ({ name }) => {
    if (names.has(name)) twice = name;
    names.add(name);
    return twice === "";
  });
  return twice === "" ? "" : `the label ${twice.slice(0, 100)} stands twice`;
}

/** A label of a set that was checked. */
export interface FoundLabel {
  readonly name: string;
  /** As it is written, with escapes. */
  readonly written: string;
}

/** Visit the labels of a checked set from the place after its opening brace, until `visit` gives false. */
export function eachLabel(line: string, begin: number, visit: (label: FoundLabel) => boolean): void {
  let at = begin;
  for (;;) {
    at = skipBlanks(line, at);
    const code = line.charCodeAt(at);
    if (code === closingBrace) return;
    if (code === comma) {
      at++;
      continue;
    }
    const nameEnd = skipLabelName(line, at);
    const name = line.slice(at, nameEnd);
    const valueBegin = line.indexOf('"', nameEnd) + 1;
    const valueEnd = endOfValue(line, valueBegin);
    if (!visit({ name, written: line.slice(valueBegin, valueEnd) })) return;
    at = valueEnd + 1;
  }
}

/** Place of the closing quote of a value. */
export function endOfValue(line: string, begin: number): number {
  let at = begin;
  for (;;) {
    const code = line.charCodeAt(at);
    if (code === quoteMark) return at;
    at += code === backslash ? 2 : 1;
  }
}

/** Find the value of a label in a checked set. @returns it without escapes; null when it is absent or empty. */
export function findLabel(line: string, begin: number, wanted: string): string | null {
  let at = begin;
  for (;;) {
    at = skipBlanks(line, at);
    const code = line.charCodeAt(at);
    if (code === closingBrace) return null;
    if (code === comma) {
      at++;
      continue;
    }
    const nameEnd = skipLabelName(line, at);
    const valueBegin = line.indexOf('"', nameEnd) + 1;
    const valueEnd = endOfValue(line, valueBegin);
    if (nameEnd - at === wanted.length && line.startsWith(wanted, at))
      return valueEnd === valueBegin ? null : unescapeLabel(line.slice(valueBegin, valueEnd));
    at = valueEnd + 1;
  }
}

/** Undo `\\`, `\"` and `\n`; another backslash stands for itself, as Prometheus reads it. */
export function unescapeLabel(written: string): string {
  if (!written.includes("\\")) return written;
  return written.replace(/\\([\\"n])/gu, (_all, escaped: string) => (escaped === "n" ? "\n" : escaped));
}

/** Write a label's value between its quotes. */
export function escapeLabel(value: string): string {
  if (!/[\\"\n]/u.test(value)) return value;
  return value.replace(/[\\"\n]/gu, (character) => (character === "\n" ? "\\n" : `\\${character}`));
}

/** Write labels in the one way that stands for a set: sorted by name, none without a value; `{a="1",b="2"}`, or nothing. */
export function canonicalLabels(labels: Iterable<readonly [string, string]>): string {
  const pairs = [...labels].filter(([, value]) => value !== "").toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (pairs.length === 0) return "";
  return `{${pairs.map(([name, value]) => `${name}="${escapeLabel(value)}"`).join(",")}}`;
}
