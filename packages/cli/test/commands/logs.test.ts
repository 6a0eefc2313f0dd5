import { describe, expect, it } from "vitest";
import { addedText, logsCommand } from "../../src/commands/logs.ts";

describe("logsCommand()", () => {
  const job = "job-00000000000000000000000000";

  it.each([
    [job, { follow: true }, `--follow takes one attempt, as in ${job}/0-3.1`],
    [`${job}/0-3.1`, { failed: true }, "--failed is for all attempts of a job"],
    [`${job}/0-3.1`, { follow: true, failed: true }, "--failed is for all attempts of a job"],
  ])("refuses for %s the flags %j, before it looks for a coordinator", async (target, flags, why) => {
    await expect(logsCommand([target], flags)).rejects.toMatchObject({
      code: "E_USAGE",
      message: expect.stringContaining(why) as string,
    });
  });
});

describe("addedText()", () => {
  it("gives what follows when the log only grew", () => {
    expect(addedText("", "a\n")).toBe("a\n");
    expect(addedText("a\n", "a\nb\n")).toBe("b\n");
    expect(addedText("a\n", "a\n")).toBe("");
  });

  it("finds its place again in a window that moved on", () => {
    const lines = Array.from({ length: 2_000 }, (_, index) => `line ${index}\n`).join("");
    expect(addedText(lines, `${lines.slice(9_000)}more\n`)).toBe("more\n");
  });

  it("gives all of a log that went past the window", () => {
    expect(addedText("a".repeat(5_000), "b\n")).toBe("b\n");
  });
});
