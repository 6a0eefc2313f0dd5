import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { runCli } from "../../src/main.ts";

let directory = "";
const [out, err]: [string[], string[]] = [[], []];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-verify-"));
  [out.length, err.length] = [0, 0];
  vi.spyOn(process.stdout, "write").mockImplementation((text) => out.push(String(text)) > 0);
  vi.spyOn(process.stderr, "write").mockImplementation((text) => err.push(String(text)) > 0);
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

describe("millrace verify of an output that does not match", () => {
  beforeEach(() => writeFileSync(join(directory, "part-r-00000.tsv"), "a\t1\n"));

  it("prints one document, its report, with -o json", async () => {
    expect(await runCli(["verify", directory, "-o", "json"])).toBe(1);
    expect(out).toHaveLength(1);
    expect(JSON.parse(out[0] ?? "")).toMatchObject({ ok: false, problems: [{ name: "_SUCCESS" }] });
    expect(err.at(-1)).toMatch(/^error Cannot trust the output .*; run the job again \[E_VERIFY\]\n$/);
  });

  it("prints nothing on stdout else", async () => {
    expect(await runCli(["verify", directory])).toBe(1);
    expect(out).toEqual([]);
    expect(err).toEqual([
      expect.stringMatching(/^_SUCCESS /),
      expect.stringMatching(/^error Cannot trust the output .* 1 file\(s\) do not match .* \[E_VERIFY\]\n$/),
    ]);
  });
});

it("millrace verify of a directory that is not there prints an error document with -o json", async () => {
  expect(await runCli(["verify", join(directory, "none"), "-o", "json"])).toBe(7);
  expect(out.map((text) => JSON.parse(text) as unknown)).toMatchObject([{ error: { code: "E_INPUT_MISSING" } }]);
});
