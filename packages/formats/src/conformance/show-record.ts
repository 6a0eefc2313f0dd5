// One text for one value, so that records can be compared whatever they are made of.

/**
 * Make the text of a record: equal records have equal texts, and others other ones. Getters are read, also those of a
 * class, by its `toJSON`; NaN, −0, missing values, bytes and big integers keep apart from what JSON makes of them.
 */
export function showRecord(record: unknown): string {
  return JSON.stringify(record, function replacer(this: unknown, name: string, value: unknown): unknown {
    // JSON hands over what toJSON gave; bytes and dates have one of their own, so the property itself is looked at.
    const raw = (this as Record<string, unknown>)[name];
    if (raw instanceof Uint8Array) return { "#bytes": Array.from(raw) };
    if (typeof value === "bigint") return { "#bigint": String(value) };
    if (value === undefined) return { "#undefined": true };
    if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0)))
      return { "#number": Object.is(value, -0) ? "-0" : String(value) };
    return value;
  });
}
