// Which layouts kernels find columns in.

import { describe, expect, it } from "vitest";
import { type RowLayout, addPairsOfRows, createKernelMemory } from "../../src/index.ts";

const memory = createKernelMemory(65_536);
const program = { conditions: [], key: [{ column: "name", optional: false }], value: [] };
const output = { openRowPairs: () => () => 0 };

/** Whether there is a step for a layout, whatever it says. */
function hasStep(layout: object): boolean {
  return addPairsOfRows(memory, { program, layout: layout as RowLayout, output }) !== undefined;
}

const column = { name: "name", part: "all", optional: false };
const step = { literal: "", end: "word", reading: "text", by: 1, optional: false, columns: [column] };
const pattern = { kind: "pattern", prefix: "", steps: [step] };

describe("the finder of a layout", () => {
  it("is there for what kernels know", () => {
    for (const times of [undefined, "required", "optional"]) expect(hasStep({ kind: "log", times })).toBe(true);
    for (const timestamps of ["detect", "milliseconds", "seconds"])
      expect(hasStep({ kind: "metrics", timestamps, labels: [] })).toBe(true);
    for (const wire of ["text", "int", "time", "double", "boolean"])
      expect(hasStep({ kind: "json", fields: [{ name: "name", wire, optional: false }] })).toBe(true);
    for (const end of ["word", "text", "list", "local", "bracketed"])
      expect(hasStep({ ...pattern, steps: [{ ...step, end }] })).toBe(true);
    for (const reading of ["text", "int", "double", "unix", "sum", "local", "iso"])
      expect(hasStep({ ...pattern, steps: [{ ...step, reading }] })).toBe(true);
    for (const part of ["all", "method", "path", "protocol", "all-but-dash"])
      expect(hasStep({ ...pattern, steps: [{ ...step, columns: [{ ...column, part }] }] })).toBe(true);
  });

  it.each(["minutes", "toString", "", undefined])("leaves what it does not know to the format: %s", (other) => {
    if (other !== undefined) expect(hasStep({ kind: "log", times: other })).toBe(false);
    expect(hasStep({ kind: "metrics", timestamps: other, labels: [] })).toBe(false);
    expect(hasStep({ kind: "json", fields: [{ name: "name", wire: other, optional: false }] })).toBe(false);
    expect(hasStep({ ...pattern, steps: [{ ...step, end: other }] })).toBe(false);
    expect(hasStep({ ...pattern, steps: [{ ...step, reading: other }] })).toBe(false);
    expect(hasStep({ ...pattern, steps: [{ ...step, columns: [{ ...column, part: other }] }] })).toBe(false);
  });
});
