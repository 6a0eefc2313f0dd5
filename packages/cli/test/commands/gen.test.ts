import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { genCommand } from "../../src/commands/gen.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-gen-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** As the command line gives them when a user gives none. */
const defaults = { bytes: "16MiB", seed: "1", files: "1", quiet: true };
const gen = async (kind: string, flags: Readonly<Record<string, string>>): Promise<string> => {
  const out = join(directory, `out-${kind}-${Object.values(flags).join("-")}`);
  expect(await genCommand([kind, out], { ...defaults, ...flags })).toBe(0);
  return out;
};

describe("genCommand()", () => {
  it("makes as many rows as are asked for, from the one that is asked for", async () => {
    const all = await gen("tera", { rows: "300" });
    expect(statSync(all).size).toBe(30_000);
    const some = await gen("tera", { rows: "50", firstRow: "200" });
    expect(readFileSync(some).equals(readFileSync(all).subarray(20_000, 25_000))).toBe(true);
  });

  it("makes rows for bytes, rounded up", async () => {
    expect(statSync(await gen("tera", { bytes: "1001" })).size).toBe(1_100);
  });

  it.each([
    ["tera", { seed: "2" }, "a seed"],
    ["tera", { rows: "-1" }, "--rows"],
    ["tera", { rows: "1.5" }, "--rows"],
    ["tera", { firstRow: "x" }, "--first-row"],
    ["tera", { rows: "100000000000" }, "--rows"],
    ["text", { rows: "10" }, "it has lines"],
    ["openmetrics", { firstRow: "10" }, "it has lines"],
    ["openmetric", {}, "openmetrics"],
    ["openmetrics", { bytes: "2TiB" }, "1 TiB"],
  ])("refuses %s with %j", async (kind, flags, message) => {
    const out = join(directory, "refused");
    await expect(genCommand([kind, out], { ...defaults, ...flags })).rejects.toMatchObject({
      code: "E_USAGE",
      message: expect.stringContaining(message) as string,
    });
    expect(existsSync(out)).toBe(false);
  });
});
