import { testJob } from "@millrace/task-host";
import { describe, expect, it } from "vitest";
import grepLines from "../src/grep-lines.ts";

const input = ["an error", "fine", "ERROR: bad", "", "__proto__"];
const grep = async (params: Readonly<Record<string, string>>): Promise<readonly string[]> =>
  (await testJob(grepLines, { input, params })).records;

describe("grep-lines", () => {
  it("keeps the lines that match, in order", async () => {
    expect(await grep({ pattern: "error|__proto__" })).toEqual(["an error", "__proto__"]);
  });

  it("ignores case when told to", async () => {
    expect(await grep({ pattern: "error", ignoreCase: "true" })).toEqual(["an error", "ERROR: bad"]);
  });

  it("keeps the others when told to", async () => {
    expect(await grep({ pattern: "error", ignoreCase: "true", invert: "true" })).toEqual(["fine", "", "__proto__"]);
  });

  it("must be given a pattern", async () => {
    await expect(grep({})).rejects.toMatchObject({ code: "E_PARAMETER" });
  });
});
