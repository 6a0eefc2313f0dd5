// Finds the parts of a line of InfluxDB's line protocol and checks them, without cutting it up.

const blank = 0x20;
const quoteMark = 0x22;
const hash = 0x23;
const comma = 0x2c;
const minus = 0x2d;
const point = 0x2e;
const equalsSign = 0x3d;
const backslash = 0x5c;
const zero = 0x30;

/** Where the parts of one line are. Reused from line to line: a record copies what it needs. */
export class InfluxFields {
  begin = 0;
  measurementEnd = 0;
  /** End of the tags, which begin at the comma after the measurement; equal to `measurementEnd` without tags. */
  tagsEnd = 0;
  fieldsBegin = 0;
  fieldsEnd = 0;
  /** Digits with a sign; both -1 without a time. */
  timeBegin = -1;
  timeEnd = -1;
}

/** Checks line after line into one {@link InfluxFields}. */
export class InfluxParser {
  readonly fields = new InfluxFields();

  /**
   * Find the parts of a line.
   *
   * @returns an empty text; undefined for a line that is no point, such as a comment; or why it is a bad one.
   * @see InfluxData, "Line protocol".
   */
  parse(line: string): string | undefined {
    const { fields } = this;
    // A byte order mark is no part of the first line.
    const begin = skipBlanks(line, line.charCodeAt(0) === 0xfeff ? 1 : 0);
    if (begin === line.length || line.charCodeAt(begin) === hash) return undefined;
    fields.begin = begin;
    fields.measurementEnd = endOfKey(line, begin, false);
    if (fields.measurementEnd === begin) return "no measurement";
    const reason = this.#checkTags(line, fields.measurementEnd);
    if (reason !== "") return reason;
    fields.fieldsBegin = skipBlanks(line, fields.tagsEnd);
    return this.#checkFields(line, fields.fieldsBegin);
  }

  #checkTags(line: string, begin: number): string {
    let at = begin;
    while (line.charCodeAt(at) === comma) {
      const keyEnd = endOfKey(line, at + 1, true);
      if (keyEnd === at + 1) return "a tag has no key";
      if (line.charCodeAt(keyEnd) !== equalsSign) return "a tag has no value";
      const valueEnd = endOfKey(line, keyEnd + 1, true);
      if (valueEnd === keyEnd + 1) return "a tag has no value";
      if (line.charCodeAt(valueEnd) === equalsSign) return "an = in a tag's value without a backslash before it";
      at = valueEnd;
    }
    this.fields.tagsEnd = at;
    return at === line.length ? "no fields" : "";
  }

  #checkFields(line: string, begin: number): string {
    const { fields } = this;
    let at = begin;
    for (;;) {
      const keyEnd = endOfKey(line, at, true);
      if (keyEnd === at) return at === begin ? "no fields" : "a field has no key";
      if (line.charCodeAt(keyEnd) !== equalsSign) return "a field has no value";
      const valueEnd = endOfFieldValue(line, keyEnd + 1);
      if (valueEnd < 0) return "a text has no closing quote, or goes on in the next line";
      if (fieldKind(line, keyEnd + 1, valueEnd) === "none") return "a field's value is none";
      at = valueEnd;
      if (line.charCodeAt(at) !== comma) break;
      at++;
    }
    fields.fieldsEnd = at;
    return this.#checkTime(line, skipBlanks(line, at));
  }

  #checkTime(line: string, begin: number): string {
    const { fields } = this;
    fields.timeBegin = -1;
    fields.timeEnd = -1;
    if (begin === line.length) return "";
    const first = line.charCodeAt(begin) === minus ? begin + 1 : begin;
    const end = skipDigits(line, first);
    const digits = end - first;
    // 19 digits hold every 64-bit number.
    if (digits < 1 || digits > 19 || skipBlanks(line, end) !== line.length) return "the time is none";
    fields.timeBegin = begin;
    fields.timeEnd = end;
    return "";
  }
}

/** Pass over blanks. */
export function skipBlanks(line: string, at: number): number {
  let place = at;
  while (line.charCodeAt(place) === blank) place++;
  return place;
}

function skipDigits(line: string, at: number): number {
  let place = at;
  for (;;) {
    const digit = line.charCodeAt(place) - zero;
    // Beyond the end it is NaN: the comparison fails.
    if (!(digit >= 0 && digit <= 9)) return place;
    place++;
  }
}

/** Place of the comma, blank or, in keys and values of tags and in keys of fields, `=` that ends a part, or the end. */
export function endOfKey(line: string, begin: number, atEquals: boolean): number {
  let at = begin;
  for (; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code === backslash) at++;
    else if (code === comma || code === blank || (atEquals && code === equalsSign)) return at;
  }
  return line.length;
}

/** Place after a field's value; -1 for a text without its closing quote. */
export function endOfFieldValue(line: string, begin: number): number {
  if (line.charCodeAt(begin) !== quoteMark) {
    let at = begin;
    for (; at < line.length; at++) {
      const code = line.charCodeAt(at);
      if (code === comma || code === blank) break;
    }
    return at;
  }
  for (let at = begin + 1; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code === backslash) at++;
    else if (code === quoteMark) return at + 1;
  }
  return -1;
}

/** What a field's value is written as. */
export type InfluxFieldKind = "float" | "integer" | "unsigned" | "boolean" | "text" | "none";

const booleans: ReadonlyMap<string, boolean> = new Map([
  ...["t", "T", "true", "True", "TRUE"].map((text) => [text, true] as const),
  ...["f", "F", "false", "False", "FALSE"].map((text) => [text, false] as const),
]);
const floatForm = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/u;
const signedMax = 2n ** 63n - 1n;
const unsignedMax = 2n ** 64n - 1n;

/** Tell what a value is, and check it. */
export function fieldKind(line: string, begin: number, end: number): InfluxFieldKind {
  if (line.charCodeAt(begin) === quoteMark) return "text";
  const first = line.charCodeAt(begin) === minus ? begin + 1 : begin;
  // A value ends where no digit is.
  const digitsEnd = skipDigits(line, first);
  if (digitsEnd > first) {
    if (digitsEnd === end) return "float";
    if (line.charCodeAt(digitsEnd) === point && skipDigits(line, digitsEnd + 1) === end) return "float";
    const suffix = digitsEnd === end - 1 ? line[digitsEnd] : "";
    if (suffix === "i")
      return digitsEnd - begin < 19 || fits(line.slice(begin, digitsEnd), -signedMax - 1n, signedMax)
        ? "integer"
        : "none";
    if (suffix === "u")
      return first === begin && (digitsEnd - begin < 19 || fits(line.slice(begin, digitsEnd), 0n, unsignedMax))
        ? "unsigned"
        : "none";
  }
  const text = line.slice(begin, end);
  if (booleans.has(text)) return "boolean";
  return floatForm.test(text) && Number.isFinite(Number(text)) ? "float" : "none";
}

function fits(digits: string, min: bigint, max: bigint): boolean {
  // With a sign 64 bits have 20 characters: nobody writes more zeros before them.
  if (digits.length > 32) return false;
  const value = BigInt(digits);
  return value >= min && value <= max;
}

/** Whether a text that is a boolean is true. */
export function isTrue(text: string): boolean {
  return booleans.get(text) ?? false;
}
