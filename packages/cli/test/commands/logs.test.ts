import { describe, expect, it } from "vitest";
import { addedText } from "../../src/commands/logs.ts";

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
