// What authors give for a codec whom no compiler told.

import { count, fields, int, json, list, max, object, optional, records, sum, text, tuple } from "@millrace/sdk";
import { createTable } from "@millrace/sdk/engine";
import { describe, expect, it } from "vitest";

const table = createTable(
  {
    name: "n",
    splitting: "numbers",
    numbers: 1,
    framing: { kind: "fixed", bytes: 8 },
    createReader: () => ({ read: () => 0, reason: () => "" }),
  },
  { hits: int() },
);
/** Call without the compiler's checks. */
const call = (make: unknown, ...given: readonly unknown[]): unknown =>
  (make as (...given: readonly unknown[]) => unknown)(...given);

describe("codecs", () => {
  it.each<[string, () => unknown, string]>([
    [
      "a class in a tuple",
      () => call(tuple, String),
      "Cannot use a function as a codec, as part of tuple(); call it, as in text()",
    ],
    [
      "a codec without order in a tuple",
      () => call(tuple, json()),
      'Cannot use the codec "json" in tuple(): it has no order',
    ],
    [
      "an optional without order",
      () => call(optional, list(text())),
      'Cannot use the codec ["text"] in optional(): it has no order',
    ],
    [
      "a field that is a text",
      () => call(object, { a: "text" }),
      'Cannot use a string as a codec, as the field "a" of object(); give one such as text()',
    ],
    ["no fields", () => call(object), "Cannot make an object(): it is given no fields"],
    ["a codec for fields", () => call(object, text()), "it is given no fields"],
    ["nothing in a list", () => call(list), "Cannot use nothing as a codec; give one such as text()"],
    [
      "fields for a codec",
      () => call(records, { a: text() }),
      "Cannot use an object as a codec; write object({ … }) around the fields",
    ],
    ["no codec of an aggregator", () => call(max), "Cannot use max() on nothing"],
    [
      "a name for an aggregator in fields()",
      () => call(fields, { a: "sum" }),
      'Cannot make fields(): "a" is no aggregator of emitted values; give one such as sum()',
    ],
    ["an aggregator not called in fields()", () => call(fields, { a: count }), "call it, as in sum()"],
    ["an aggregator over a column in fields()", () => call(fields, { a: sum(table.hits) }), "without a column"],
  ])("refuse %s", (_what, make, message) => {
    expect(make).toThrow(
      expect.objectContaining({ code: "E_JOB_INVALID", message: expect.stringContaining(message) as string }),
    );
  });
});
