// The kit called wrongly, as by a test without a compiler.

import { checkInputFormat, checkOutputFormat, combinedLog, jsonLines, textTable } from "@millrace/formats";
import { describe, expect, it } from "vitest";

const input = checkInputFormat as (...given: unknown[]) => unknown;
const output = checkOutputFormat as (...given: unknown[]) => unknown;
const refusal = (message: string): unknown => expect.objectContaining({ code: "E_JOB_INVALID", message });

describe("checkInputFormat()", () => {
  it.each([
    [undefined, "is missing, no input format; give one such as jsonLines()"],
    [jsonLines, "is a function, no input format; call it, as in jsonLines()"],
    [textTable(), "is a format, but no input; give one such as jsonLines()"],
    [{ createReader: () => undefined }, "is an object, no input format; give one such as jsonLines()"],
  ])("refuses %s in place of a format", (given, reason) => {
    expect(() => input(given, [])).toThrow(refusal(`Cannot call checkInputFormat(): its first argument ${reason}`));
  });

  it.each([
    [undefined, "missing"],
    [{ bytes: "" }, "an object"],
    [["{}\n"], "a list in which one is a string"],
    [[{ bytes: "" }, { records: [] }], "a list in which one is an object"],
    [[undefined], "a list in which one is missing"],
  ])("refuses %j in place of samples", (given, what) => {
    expect(() => input(jsonLines(), given)).toThrow(
      refusal(
        `Cannot call checkInputFormat(): its second argument is ${what}, no list of files; give one such as [{ bytes: "a\\n", records: [{ id: 1 }], bad: 0 }]`,
      ),
    );
  });
});

describe("checkOutputFormat()", () => {
  it("refuses what is no output, and a reader that is no input", () => {
    expect(() => output(combinedLog(), { records: [] })).toThrow(
      refusal(
        "Cannot call checkOutputFormat(): its first argument is a format, but no output; give one such as jsonLines()",
      ),
    );
    expect(() => output(textTable(), { records: [], readBy: textTable() })).toThrow(
      refusal('Cannot call checkOutputFormat(): "readBy" is a format, but no input; give one such as jsonLines()'),
    );
  });

  it.each([
    [[{ id: 1 }], "an array"],
    [undefined, "missing"],
    [{ readBy: jsonLines() }, 'an object without a list "records"'],
  ])("refuses %j in place of samples", (given, what) => {
    expect(() => output(jsonLines(), given)).toThrow(
      refusal(
        `Cannot call checkOutputFormat(): its second argument is ${what}; give { records: [{ id: 1 }] }, and beside it "refused" and "readBy" as you like`,
      ),
    );
  });
});
