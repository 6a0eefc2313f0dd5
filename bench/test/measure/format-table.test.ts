import { expect, test } from "vitest";
import { formatSeconds, formatTable } from "../../measure/format-table.ts";

test("formatTable() puts words to the left and numbers to the right", () => {
  const table = formatTable(
    ["", "wall s", "note"],
    [
      ["millrace", "1.5", "first"],
      ["b", "10.25", ""],
    ],
  );
  expect(table).toBe(
    ["          wall s  note", "--------  ------  -----", "millrace     1.5  first", "b          10.25", ""].join("\n"),
  );
});

test("formatSeconds() keeps what counts", () => {
  expect([0.1234, 12.345, 123.45].map(formatSeconds)).toEqual(["0.123", "12.35", "123.5"]);
});
