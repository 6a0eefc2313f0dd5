// Numbers for people: bytes, durations and counts, printed and parsed the same way everywhere.

import { MillraceError, quote } from "@millrace/core";

export { formatBytes, formatDuration } from "@millrace/core";

const bytesByUnit: Readonly<Record<string, number>> = {
  "": 1,
  b: 1,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
};
const msByUnit: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Print a count with groups of three digits. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/**
 * Parse `1048576`, `64KiB`, `1.5 GB`. Bytes themselves are whole; of a larger unit it is the nearest byte, as of `0.1GiB`.
 * @throws {MillraceError} E_USAGE when it is no size.
 */
export function parseBytes(text: string, what: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim());
  const unit = bytesByUnit[match?.[2]?.toLowerCase() ?? ""];
  const bytes = match === null || unit === undefined ? Number.NaN : Number(match[1]) * unit;
  const hasPart = unit === 1 && bytes % 1 > 0;
  if (hasPart || !Number.isSafeInteger(Math.round(bytes))) {
    const reason = hasPart ? "not a whole number of bytes" : "not a size";
    throw new MillraceError(
      "E_USAGE",
      `Cannot read ${what} ${quote(text)}: ${reason}; write it as 1048576, 64KiB or 1.5GiB`,
    );
  }
  return Math.round(bytes);
}

/** Parse `500ms`, `30s`, `10m`. @throws {MillraceError} E_USAGE when it is no duration. */
export function parseDuration(text: string, what: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(text.trim());
  if (match === null) {
    throw new MillraceError(
      "E_USAGE",
      `Cannot read ${what} ${quote(text)}: not a duration; write it as 500ms, 30s or 10m`,
    );
  }
  return Math.round(Number(match[1]) * (msByUnit[match[2] ?? ""] ?? 1));
}

/** Parse a whole number in a range, in plain decimal digits. @throws {MillraceError} E_USAGE with the range. */
export function parseWhole(text: string, what: string, range: { readonly min: number; readonly max: number }): number {
  const value = /^-?(?:0|[1-9]\d{0,15})$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value) || value < range.min || value > range.max) {
    throw new MillraceError(
      "E_USAGE",
      `Cannot read ${what} ${quote(text)}: not a whole number from ${range.min} to ${range.max}; choose one in that range`,
    );
  }
  return value;
}
