// Jobs by kernels, without them, and by functions of the author's: on clusters of processes, with several splits, the same
// parts to the byte.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestCluster } from "./cluster.ts";
import { startTestCluster } from "./cluster.ts";
import { digestParts, millrace, readParts, scratchDirectory } from "./harness.ts";

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}.ts`, import.meta.url));
const directory = scratchDirectory();
let withKernels: TestCluster;
let withoutKernels: TestCluster;

beforeAll(async () => {
  withKernels = await startTestCluster({ workers: 2, slots: 1 });
  withoutKernels = await startTestCluster({
    workers: 2,
    slots: 1,
    env: { MILLRACE_FAILPOINTS: "host.beforeKernels=error" },
  });
  const made = { text: "text", logs: "access-log", metrics: "openmetrics", rows: "tera" };
  for (const [name, kind] of Object.entries(made))
    await millrace(["gen", kind, name, "--bytes", "1MiB", "--files", "2"], { cwd: directory.path });
  const path = (name: string): string => join(directory.path, name);
  const text = readFileSync(path("text/text-00000.txt"));
  const words = text.toString("latin1").split("\n");
  // Words of other languages, Unicode's white space, and bytes that are no UTF-8.
  const wide = words.map((line, index) => {
    if (index % 3 === 0) return line.replaceAll("e", "\u00e9").replaceAll("a ", "\u03b1\u3000");
    if (index % 11 === 0) return line.replaceAll(" b", " \u{1d49c}\u{1f642}b");
    return index % 7 === 0 ? line.replaceAll(" ", "\u00a0\u4e2d\u6587\u3002") : line;
  });
  const bytes = Buffer.from(wide.join("\r\n"));
  for (let at = 1000; at < bytes.length; at += 40_961) bytes[at] = 0xc3;
  writeFileSync(path("wide"), bytes);
  const keyed = (side: string, count: number, step: number): string =>
    Array.from({ length: count }, (_, index) => `k${(index * step) % 5000}\t${side} ${index}`).join("\n");
  writeFileSync(path("left"), `${keyed("left", 20_000, 7)}\nbare\n\u00e9\n`);
  writeFileSync(path("right"), `${keyed("right", 4000, 3)}\nk7\t\u00e9\nalone\t1\t2\nalone\t3\nbare\n`);
  const lines = readFileSync(path("logs/access-log-00000.log"), "latin1").trimEnd().split("\n");
  // Times behind most lines, and a few lines of other kinds.
  const times = lines.map((line, index) => (index % 20 === 0 ? line : `${line} ${(index % 977) / 1000} -`));
  times.splice(
    100,
    0,
    "",
    "no log",
    '10.0.0.9 - ann [02/Jan/2026:00:00:01 +0100] "-" 400 - "-" "-"',
    lines[7] + "\u00e9",
  );
  writeFileSync(path("timed"), times.join("\n"));
});
afterAll(async () => {
  await Promise.all([withKernels.stop(), withoutKernels.stop()]);
  directory.remove();
});

/** Lines that a cluster reads one by one, of those that kernels take where there are some. */
async function linesRead(
  cluster: TestCluster,
  output: string,
): Promise<{ readonly read: number; readonly of: number }> {
  const { exit, stdout, stderr } = await millrace(
    ["submit", fixture("words-read"), "text", output, "--split-bytes", "128KiB", "-o", "json"],
    { cwd: directory.path, env: cluster.env },
  );
  expect(exit, stderr).toBe(0);
  const { counters } = JSON.parse(stdout) as { readonly counters: Readonly<Record<string, number>> };
  return { read: counters["lines.read"] ?? 0, of: counters["millrace.records.in"] ?? 0 };
}

let outputs = 0;

/** Run a job on a cluster. @returns where it wrote. */
async function run(cluster: TestCluster, job: readonly string[], reduces: number): Promise<string> {
  outputs += 1;
  const output = `out-${outputs}`;
  const shape = ["--split-bytes", "128KiB", "--reduces", String(reduces)];
  const { exit, stderr } = await millrace(["submit", ...job, output, ...shape], {
    cwd: directory.path,
    env: cluster.env,
  });
  expect(exit, stderr).toBe(0);
  return join(directory.path, output);
}

/** Expect the same parts with kernels and without. @returns the output. */
async function expectSameParts(job: readonly string[], reduces = 3): Promise<string> {
  const byKernels = await run(withKernels, job, reduces);
  const parts = digestParts(byKernels);
  expect(Object.keys(parts).length).toBeGreaterThan(0);
  expect(readParts(byKernels).length).toBeGreaterThan(0);
  expect(digestParts(await run(withoutKernels, job, reduces))).toEqual(parts);
  return byKernels;
}

it("kernels are there on one cluster, and none on the other", async () => {
  const [one, other] = await Promise.all([linesRead(withKernels, "read-1"), linesRead(withoutKernels, "read-2")]);
  expect(one.of).toBeGreaterThan(5_000);
  expect(one.read).toBeLessThan(one.of / 100);
  expect(other).toEqual({ read: one.of, of: one.of });
});

describe("parts are the same with kernels and without:", () => {
  it.each([
    [["sort", "wide"]],
    [["sort", "text", "-p", "unique=true"]],
    [["sort", "logs", "-p", "numeric=true"]],
    [["terasort", "rows"]],
    [["grep", "logs", "-p", 'pattern=" 50[03] ']],
    [["grep-lines", "wide", "-p", "pattern=b\u00e9"]],
    [["distinct", "wide", "-p", "counts=true"]],
    [["traffic", "logs"]],
    [["latency", "timed", "-p", "group=path", "-p", "window=5m"]],
    [["log-status", "timed"]],
    [["metric-rollup", "metrics"]],
    [["cardinality", "metrics"]],
    [["inverted-index", "wide"]],
    [["top", "wide"]],
  ])("%j", async (job) => {
    await expectSameParts(job);
  });
});

describe("parts are the same by kernels, without them, and by functions:", () => {
  it.each([
    ["word-count", "wide", "letters=false"],
    ["word-count", "text", "letters=false"],
    ["word-count", "wide", "letters=true"],
  ])("%s of %s, %s", async (job, input, param) => {
    const parts = digestParts(await expectSameParts([job, input, "-p", param]));
    const byHand = [fixture("words-by-hand"), input, "-p", param];
    expect(digestParts(await expectSameParts(byHand))).toEqual(parts);
  });

  it.each(["inner", "left", "right", "outer", "semi", "anti"])("join, %s", async (kind) => {
    const inputs = ["--input", "left=left", "--input", "right=right", "-p", `kind=${kind}`];
    const parts = digestParts(await expectSameParts(["join", ...inputs]));
    expect(digestParts(await expectSameParts([fixture("join-by-hand"), ...inputs]))).toEqual(parts);
  });

  it("traffic", async () => {
    const rows = readParts(await expectSameParts([fixture("traffic-by-kernels"), "timed"], 1));
    expect(readParts(await expectSameParts([fixture("traffic-by-hand"), "timed"], 1))).toBe(rows);
  });
});
