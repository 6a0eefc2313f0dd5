import { describe, expect, it } from "vitest";
import { quote, unquoted } from "../../src/index.ts";

describe("unquoted()", () => {
  it("leaves quotes as they are and escapes what a terminal would act on, within a bound", () => {
    expect(unquoted('inode="/user" \u001b[31m\n')).toBe('inode="/user" \\u{1b}[31m\\n');
    expect(quote('inode="/user"')).toBe('"inode=\\"/user\\""');
    expect(unquoted("x".repeat(20), 10)).toBe(`${"x".repeat(10)}…`);
  });
});
