// Numbers of metric formats: values in Go's float syntax, times in seconds or milliseconds.

const plus = 0x2b;
const minus = 0x2d;
const point = 0x2e;
const zero = 0x30;

/** Powers of ten that a double holds exactly. */
const tens = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/u;
const infinite = /^([+-]?)inf(?:inity)?$/iu;

/**
 * Parse a sample's value: Go's float syntax as Prometheus takes it, which is decimal with an optional exponent, `NaN`,
 * and `Inf` or `Infinity` with an optional sign, case ignored.
 *
 * @returns the nearest double, or undefined for anything else, a finite number beyond the range of doubles included.
 * @see Go, `strconv.ParseFloat`; Prometheus, `model/textparse`, which refuses hexadecimal digits and underscores.
 */
export function parseMetricValue(line: string, begin: number, end: number): number | undefined {
  const quick = parseShortDecimal(line, begin, end);
  if (quick !== undefined) return quick;
  const text = line.slice(begin, end);
  if (decimal.test(text)) {
    const value = Number(text);
    return Number.isFinite(value) ? value : undefined;
  }
  if (text.length === 3 && text.toLowerCase() === "nan") return Number.NaN;
  const sign = infinite.exec(text)?.[1];
  if (sign === undefined) return undefined;
  return sign === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** Digits with one point at most and no exponent, 15 in all: the quotient of two exact doubles is the nearest one (Clinger 1990). */
function parseShortDecimal(line: string, begin: number, end: number): number | undefined {
  const sign = line.charCodeAt(begin);
  const first = sign === minus || sign === plus ? begin + 1 : begin;
  if (end - first > 16 || end === first) return undefined;
  let digits = 0;
  let pointAt = -1;
  for (let at = first; at < end; at++) {
    const code = line.charCodeAt(at);
    const digit = code - zero;
    if (digit >= 0 && digit <= 9) digits = digits * 10 + digit;
    else if (code === point && pointAt < 0) pointAt = at;
    else return undefined;
  }
  // 16 digits may lie above 2^53; a point alone is no number.
  if (pointAt < 0 ? end - first > 15 : end - first === 1) return undefined;
  const value = pointAt < 0 ? digits : digits / (tens[end - pointAt - 1] ?? 1);
  return sign === minus ? -value : value;
}

/** How times are written. */
export type TimestampUnit = "milliseconds" | "seconds" | "detect";

/** In seconds the year 5138, in milliseconds 1973: what lies below is seconds, from it on milliseconds. */
const detectedMillisecondsMin = 100_000_000_000;

/**
 * Parse a sample's time.
 *
 * @returns milliseconds since 1970, rounded to the nearest (halves up), or undefined when it is none.
 */
export function parseMetricTime(
  line: string,
  place: { begin: number; end: number },
  unit: TimestampUnit,
): number | undefined {
  const { begin, end } = place;
  const sign = line.charCodeAt(begin) === minus ? -1 : 1;
  let at = sign < 0 || line.charCodeAt(begin) === plus ? begin + 1 : begin;
  const first = at;
  let whole = 0;
  for (; at < end; at++) {
    const digit = line.charCodeAt(at) - zero;
    if (!(digit >= 0 && digit <= 9)) break;
    whole = whole * 10 + digit;
  }
  if (at === end && at > first) {
    const isMilliseconds = unit === "milliseconds" || (unit === "detect" && whole >= detectedMillisecondsMin);
    return checked(sign * (isMilliseconds ? whole : whole * 1000));
  }
  if (unit === "milliseconds") return undefined;
  if (line.charCodeAt(at) === point && at > first) {
    const fraction = parseFraction(line, at + 1, end);
    if (fraction !== undefined) return checked(sign * whole * 1000 + roundSigned(fraction, sign));
  }
  const seconds = parseMetricValue(line, begin, end);
  return seconds === undefined || Number.isNaN(seconds) ? undefined : checked(Math.round(seconds * 1000));
}

/** Digits after a point as thousandths with their rest. */
function parseFraction(line: string, begin: number, end: number): number | undefined {
  let thousandths = 0;
  let weight = 100;
  for (let at = begin; at < end; at++) {
    const digit = line.charCodeAt(at) - zero;
    if (!(digit >= 0 && digit <= 9)) return undefined;
    thousandths += digit * weight;
    weight /= 10;
  }
  return thousandths;
}

function roundSigned(fraction: number, sign: number): number {
  return Math.round(sign * fraction);
}

function checked(ms: number): number | undefined {
  // `+ 0` makes 0 of −0.
  return Number.isSafeInteger(ms) ? ms + 0 : undefined;
}

/** Write a value as exposition does: the shortest decimal that reads back, `NaN`, `+Inf`, `-Inf`. */
export function formatMetricValue(value: number): string {
  if (Number.isFinite(value)) return Object.is(value, -0) ? "-0" : String(value);
  return Number.isNaN(value) ? "NaN" : value > 0 ? "+Inf" : "-Inf";
}

/** Write a time in seconds with up to three decimals: what OpenMetrics has. @param ms whole milliseconds. */
export function formatMetricTime(ms: number): string {
  const sign = ms < 0 ? "-" : "";
  const magnitude = Math.abs(ms);
  const rest = magnitude % 1000;
  const seconds = `${sign}${(magnitude - rest) / 1000}`;
  return rest === 0 ? seconds : `${seconds}.${String(rest).padStart(3, "0").replace(/0+$/u, "")}`;
}
