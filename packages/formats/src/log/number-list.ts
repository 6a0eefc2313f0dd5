// Lists as nginx writes them for requests that went to several upstreams: `0.001, 0.002 : -`.

import { parseDouble } from "../columns/parse-value.ts";

const blank = 0x20;
const comma = 0x2c;
const dash = 0x2d;
const colon = 0x3a;

/**
 * End of the list at `at`: the first place of `literal`, or of a blank when that is empty, which is not the blank of a
 * `, ` or a ` : `; the end of the line when there is none and `literal` is empty.
 *
 * @returns -1 when the literal does not follow, or the list is empty.
 * @see nginx, ngx_http_upstream_module, `$upstream_response_time`.
 */
export function endOfList(line: string, at: number, literal: string): number {
  const mark = literal === "" ? " " : literal;
  for (let end = line.indexOf(mark, at); end >= 0; end = line.indexOf(mark, end + 1)) {
    const before = line.charCodeAt(end - 1);
    const between =
      line.charCodeAt(end) === blank &&
      (before === comma || line.startsWith(" : ", end) || (before === colon && line.charCodeAt(end - 2) === blank));
    if (!between) return end > at ? end : -1;
  }
  return literal === "" && line.length > at ? line.length : -1;
}

/** Whether a list has nothing but `-` in it. */
export function isEmptyList(line: string, begin: number, end: number): boolean {
  for (let at = begin; at < end; at++) {
    const unit = line.charCodeAt(at);
    if (unit !== dash && !isListMark(unit)) return false;
  }
  return true;
}

/** Sum of the numbers of a list, to the microsecond; `-` adds nothing; undefined when something else stands in it. */
export function sumOfList(line: string, begin: number, end: number): number | undefined {
  let total = 0;
  for (let at = begin; at < end;) {
    let to = at;
    while (to < end && line.charCodeAt(to) !== comma && line.charCodeAt(to) !== blank) to++;
    if (to - at !== 1 || line.charCodeAt(at) !== dash) {
      const value = parseDouble(line, at, to);
      if (value === undefined || !Number.isFinite(value)) return undefined;
      total += value;
    }
    at = to;
    while (at < end && isListMark(line.charCodeAt(at))) at++;
  }
  return Math.round(total * 1e6) / 1e6;
}

function isListMark(unit: number): boolean {
  return unit === comma || unit === blank || unit === colon;
}
