import { numbers } from "@millrace/formats";
import { inputFormatOf } from "@millrace/sdk/engine";
import { describe, expect, it } from "vitest";

describe("numbers()", () => {
  it.each([0, 5, Number.MAX_SAFE_INTEGER, "maps"])("declares the count %s", (count) => {
    expect(inputFormatOf(numbers(count))).toMatchObject({ splitting: "numbers", numbers: count });
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53, ""])("refuses %j", (count) => {
    expect(() => numbers(count)).toThrow(expect.objectContaining({ code: "E_JOB_INVALID" }));
  });
});
