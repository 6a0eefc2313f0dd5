import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { shippedJobs } from "@millrace/jobs";
import { bundleJob } from "../../src/job-module/bundle-job.ts";
import { findJob } from "../../src/job-module/find-job.ts";
import { loadJob } from "../../src/job-module/load-job.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-cli-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const write = (name: string, source: string): string => {
  const path = join(directory, name);
  writeFileSync(path, source);
  return path;
};

describe("findJob()", () => {
  it("finds every shipped job by its name", () => {
    for (const { name, path } of shippedJobs) expect(findJob(name)).toEqual({ path, shipped: true });
  });

  it("names the nearest shipped job for a word that is nearly one", () => {
    expect(() => findJob("grep-line")).toThrow(/did you mean "grep-lines"/);
    expect(() => findJob("zzz")).toThrow(expect.objectContaining({ code: "E_UNKNOWN_JOB" }) as Error);
  });

  it("refuses a path that is no module file", () => {
    const path = write("job.txt", "");
    expect(() => findJob(path)).toThrow(/not a \.ts, \.mts, \.js or \.mjs file/);
    expect(() => findJob(join(directory, "gone.ts"))).toThrow(/no such file/);
  });
});

describe("bundleJob()", () => {
  const job =
    'import { helper } from "./helper.ts";\nimport { defineJob } from "millrace";\nexport default defineJob(helper as never);\n';

  it("makes one module that leaves millrace open, the same bytes wherever the files lie", async () => {
    write("helper.ts", "export const helper = 1;\n");
    const first = await bundleJob({ path: write("job.ts", job), shipped: false });
    expect(Buffer.from(first.source).toString()).toMatch(/from "millrace"/);
    expect(Buffer.from(first.source).toString()).not.toContain(directory);
    const elsewhere = mkdtempSync(join(tmpdir(), "millrace-cli-"));
    writeFileSync(join(elsewhere, "helper.ts"), "export const helper = 1;\n");
    writeFileSync(join(elsewhere, "job.ts"), job);
    const second = await bundleJob({ path: join(elsewhere, "job.ts"), shipped: false });
    rmSync(elsewhere, { recursive: true });
    expect(second.sha256).toBe(first.sha256);
  });

  it("says file, line and column of what cannot be bundled, and writes nothing", async () => {
    const path = write("job.ts", 'import "./gone.ts";\n');
    await expect(bundleJob({ path, shipped: false })).rejects.toMatchObject({
      code: "E_JOB_MODULE",
      message: expect.stringMatching(/gone\.ts.* at job\.ts:1:8/),
    });
    expect(readdirSync(directory)).toEqual(["job.ts"]);
  });
});

describe("loadJob()", () => {
  // In a process of its own, as a command is: vitest's own import would not resolve what a bundle leaves open.
  const load = async (source: string): Promise<unknown> => {
    const job = JSON.stringify({ path: write("job.ts", source), shipped: false });
    const [bundler, loader] = ["bundle-job", "load-job"].map((name) =>
      JSON.stringify(new URL(`../../src/job-module/${name}.ts`, import.meta.url).href),
    );
    const script = `import { bundleJob } from ${bundler}; import { loadJob } from ${loader};
      const exit = process.exit;
      const error = await loadJob(${job}, await bundleJob(${job})).catch((thrown) => thrown);
      console.log(JSON.stringify({ code: error.code, message: error.message, restored: process.exit === exit }));`;
    const flags = ["--conditions=millrace-source", "--disable-warning=ExperimentalWarning", "--input-type=module"];
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, "-e", script]);
    return JSON.parse(stdout) as unknown;
  };
  const refused = (text: RegExp): unknown => ({
    code: "E_JOB_MODULE",
    message: expect.stringMatching(text) as string,
    restored: true,
  });
  const job = 'export default defineJob({ name: "x", input: textLines(), map: () => 0, output: textTable() });\n';
  const millrace = 'import { combinedLog, defineJob, floorTime, textLines, textTable } from "millrace";\n';

  it("names TMPDIR where its bundle cannot be written, and leaves nothing there", async () => {
    const bundle = { sha256: "0".repeat(64), bytes: 0, source: new Uint8Array() };
    const found = { path: write("job.ts", ""), shipped: false };
    onTestFinished(() => void vi.unstubAllEnvs());
    vi.stubEnv("TMPDIR", join(directory, "gone"));
    await expect(loadJob(found, bundle)).rejects.toMatchObject({
      code: "E_CONFIGURATION",
      message: expect.stringMatching(
        /^Cannot write the bundled job in ".*\/gone": ENOENT.*; set TMPDIR to a directory that this user can write$/,
      ) as string,
    });
    const temporary = join(directory, "temporary");
    mkdirSync(temporary);
    vi.stubEnv("TMPDIR", temporary);
    // A name in a directory that is not there fails as a write does.
    await expect(loadJob(found, { ...bundle, sha256: "none/0" })).rejects.toMatchObject({ code: "E_CONFIGURATION" });
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("refuses a file that ends the process, with the place, also when the file catches the refusal", async () => {
    expect(await load(`${millrace}process.exit(0);\n${job}`)).toEqual(
      refused(/job\.ts": it ends the process at import by process\.exit\(0\) at job\.ts:2:9; remove the call$/),
    );
    expect(await load(`${millrace}try { process.exit(); } catch {}\n${job}`)).toEqual(
      refused(/process\.exit\(\) at job\.ts:2:15/),
    );
  });

  it("names the place in the file where a definition is refused, however deep the refusal lies", async () => {
    const deep = 'const day = () => floorTime(combinedLog().time, "1d", { zone: "Europe/Berlim" });\n';
    expect(await load(`${millrace}${deep}export default day();\n`)).toEqual(
      refused(/did you mean "Europe\/Berlin".*; at day \(job\.ts:2:19\)$/),
    );
    expect(await load(`${millrace}export default defineJob({ name: "x" } as never);\n`)).toEqual(
      refused(/; at job\.ts:2:16$/),
    );
  });
});
