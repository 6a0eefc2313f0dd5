import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { generateFiles } from "../../src/gen/generate-files.ts";
import { createRandomStream } from "../../src/gen/random.ts";
import { createZipfTable } from "../../src/gen/zipf-table.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-gen-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const digestOf = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");

describe("generateFiles()", () => {
  it.each(["text", "access-log", "openmetrics"] as const)(
    "gives the same bytes of %s for the same seed, others for another",
    (kind) => {
      const [first, again, other] = [1, 1, 2].map((seed, index) => {
        const out = join(directory, String(index));
        generateFiles({ kind, out, bytes: 200_000, files: 1, seed });
        return digestOf(out);
      });
      expect(again).toBe(first);
      expect(other).not.toBe(first);
    },
  );

  it("writes whole lines, at least the bytes asked for and at most a line more", () => {
    const { paths, bytes } = generateFiles({
      kind: "text",
      out: join(directory, "out"),
      bytes: 100_000,
      files: 3,
      seed: 1,
    });
    expect(paths.map((path) => path.slice(directory.length + 1))).toEqual([
      "out/text-00000.txt",
      "out/text-00001.txt",
      "out/text-00002.txt",
    ]);
    expect(bytes).toBeGreaterThanOrEqual(100_000);
    expect(bytes).toBeLessThan(100_000 + 3 * 1024);
    for (const path of paths) expect(readFileSync(path).at(-1)).toBe(0x0a);
  });

  it("writes Combined Log Format that a regular expression reads to the last line", () => {
    const out = join(directory, "access.log");
    generateFiles({ kind: "access-log", out, bytes: 50_000, files: 1, seed: 7 });
    const lines = readFileSync(out, "latin1").trimEnd().split("\n");
    const line =
      /^10\.\d+\.\d+\.\d+ - - \[\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000\] "(?:GET|POST) \/\S+ HTTP\/1\.1" \d{3} (?:\d+|-) "[^"]+" "[^"]+"$/;
    expect(lines.filter((text) => !line.test(text))).toEqual([]);
  });

  it("refuses a file that exists", () => {
    const out = join(directory, "out");
    generateFiles({ kind: "text", out, bytes: 10, files: 1, seed: 1 });
    expect(() => generateFiles({ kind: "text", out, bytes: 10, files: 1, seed: 1 })).toThrow(/EEXIST/);
    expect(existsSync(out)).toBe(true);
  });

  it("removes what it made when a write fails, and says that the disk is full", () => {
    const out = join(directory, "new", "out");
    const fill = (): void => {
      throw Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC", syscall: "write" });
    };
    expect(() => generateFiles({ kind: "text", out, bytes: 10, files: 2, seed: 1, onProgress: fill })).toThrow(
      expect.objectContaining({
        code: "E_NO_SPACE",
        message: expect.stringContaining(`into "${out}": the disk is full`),
      }),
    );
    expect(readdirSync(directory)).toEqual([]);
  });

  it("calls a directory that cannot be used a failure of storage, and leaves what others put beside", () => {
    writeFileSync(join(directory, "file"), "");
    const out = join(directory, "file", "out");
    expect(() => generateFiles({ kind: "text", out, bytes: 10, files: 1, seed: 1 })).toThrow(
      expect.objectContaining({
        code: "E_STORAGE",
        message: expect.stringContaining("choose a directory that this user can"),
      }),
    );
    expect(readdirSync(directory)).toEqual(["file"]);
  });
});

describe("createZipfTable()", () => {
  it("draws rank k in proportion to 1 / (k + 1)^s", () => {
    const table = createZipfTable(1_000, 1.07);
    const random = createRandomStream(3, 0);
    const draws = 400_000;
    const counts = new Float64Array(1_024);
    for (let index = 0; index < draws; index += 1) {
      const rank = table.draw(random);
      counts[rank] = (counts[rank] ?? 0) + 1;
    }
    const weights = Float64Array.from({ length: 1_000 }, (_, rank) => (rank + 1) ** -1.07);
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    for (const rank of [0, 1, 9, 99]) {
      const expected = (draws * (weights[rank] ?? 0)) / total;
      // Five standard deviations of a binomial draw, fixed seed: a change of the table shows, noise cannot.
      expect(Math.abs((counts[rank] ?? 0) - expected)).toBeLessThan(5 * Math.sqrt(expected));
    }
    expect(counts.subarray(1_000).every((count) => count === 0)).toBe(true);
  });
});
