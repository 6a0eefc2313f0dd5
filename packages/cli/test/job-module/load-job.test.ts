import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { shippedJobs } from "@millrace/jobs";
import { bundleJob } from "../../src/job-module/bundle-job.ts";
import { findJob } from "../../src/job-module/find-job.ts";

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
