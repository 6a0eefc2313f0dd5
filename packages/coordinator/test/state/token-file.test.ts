import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSystemRandomness } from "@millrace/ports";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openTokens } from "../../src/state/token-file.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-tokens-"));
});
afterEach(() => rmSync(directory, { recursive: true }));

describe("openTokens()", () => {
  it("draws three different tokens once", () => {
    const tokens = openTokens(directory, createSystemRandomness());
    expect(new Set(Object.values(tokens)).size).toBe(3);
    expect(openTokens(directory, createSystemRandomness())).toEqual(tokens);
    expect(statSync(join(directory, "tokens.json")).mode & 0o777).toBe(0o600);
  });

  it("refuses a damaged file, and leaves it as it is", () => {
    const path = join(directory, "tokens.json");
    for (const text of ["", "{}", "null", '{"client":"x","worker":"y","read":"z"}', "\0\0"]) {
      writeFileSync(path, text);
      expect(() => openTokens(directory, createSystemRandomness()), text).toThrow(/tokens\.json/);
      expect(readFileSync(path, "utf8")).toBe(text);
    }
  });
});
