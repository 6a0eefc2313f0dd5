// ISO 8601 as people give it on a command line and as JSON logs carry it.

const form = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?$/iu;

/**
 * Parse a date, or a date with a time. UTC where no offset is given; digits below a millisecond are cut.
 *
 * @returns milliseconds since 1970, or undefined for anything else, 31 February included.
 * @see RFC 3339; a blank for the T, an offset without colon and a missing offset are taken too.
 */
export function parseTime(text: string): number | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((digits) => Number(digits ?? 0));
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const millisecond = Number((match[7] ?? "").padEnd(3, "0").slice(0, 3));
  const date = new Date(0);
  // Not Date.UTC: it takes the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const offset = offsetMinutes(match[8] ?? "Z");
  return offset === undefined
    ? undefined
    : date.getTime() + ((hour * 60 + minute - offset) * 60 + second) * 1000 + millisecond;
}

function offsetMinutes(zone: string): number | undefined {
  if (zone === "Z" || zone === "z") return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(-2));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}
