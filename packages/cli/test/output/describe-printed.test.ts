import { describe, expect, it } from "vitest";
import { describePrinted } from "../../src/output/describe-printed.ts";

const failed = 'E_USER_CODE: Cannot run "map": Error: no\n    at job.ts:2:3\n';

describe("describePrinted()", () => {
  it("shows equal texts of one task once, with their number, and those of another task too", () => {
    const printed = ["0-0.0", "0-0.1", "0-1.0", "0-0.2"].map((attempt) => ({ attempt, text: "saw\n", cut: false }));
    expect(describePrinted(printed, "")).toEqual([
      "==> printed by 0-0.0 (3 times) <==\nsaw",
      "==> printed by 0-1.0 <==\nsaw",
    ]);
  });

  it("leaves out the failure that the error line has, and keeps another one", () => {
    const printed = [0, 1].map((number) => ({ attempt: `0-0.${number}`, text: `saw\n${failed}`, cut: false }));
    const error = `Cannot finish task "0-0": it failed 2 times, the last with ${failed.trimEnd()}`;
    expect(describePrinted(printed, error)).toEqual(["==> printed by 0-0.0 (2 times) <==\nsaw"]);
    expect(describePrinted([{ attempt: "0-0.0", text: failed, cut: false }], error)).toEqual([]);
    expect(describePrinted([{ attempt: "0-0.0", text: failed, cut: true }], "another")).toEqual([
      `==> printed by 0-0.0 <==\n${failed}(more was printed)`,
    ]);
  });
});
