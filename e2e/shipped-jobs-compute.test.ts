// Shipped jobs whose input or output is no text: the sort benchmark and pi, in one process and on a cluster of processes.

import { createHash } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestCluster } from "./cluster.ts";
import { startTestCluster } from "./cluster.ts";
import { digestParts, millrace, readParts, scratchDirectory } from "./harness.ts";

const directory = scratchDirectory();
let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startTestCluster({ workers: 2, slots: 1 });
  await millrace(["gen", "tera", "rows", "--rows", "50000", "--files", "2"], { cwd: directory.path });
});
afterAll(async () => {
  await cluster.stop();
  directory.remove();
});

/** Run it both ways and compare the parts. @returns the output of the embedded run. */
async function runBoth(args: readonly string[], output: string, flags: readonly string[] = []): Promise<string> {
  for (const command of ["run", "submit"]) {
    const to = `${output}-${command}`;
    const env = command === "run" ? {} : cluster.env;
    const result = await millrace([command, ...args, to, ...flags], { cwd: directory.path, env });
    expect(result.exit, result.stderr).toBe(0);
  }
  const path = join(directory.path, `${output}-run`);
  expect(digestParts(join(directory.path, `${output}-submit`))).toEqual(digestParts(path));
  return path;
}

function readRows(paths: readonly string[]): readonly Buffer[] {
  const bytes = Buffer.concat(paths.map((path) => readFileSync(path)));
  return Array.from({ length: bytes.length / 100 }, (_, index) => bytes.subarray(index * 100, index * 100 + 100));
}

function reportOf(output: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readParts(output)
      .split("\n")
      .filter((row) => row !== "")
      .map((row) => row.split("\t")),
  ) as Readonly<Record<string, string>>;
}

describe("terasort and tera-validate", () => {
  it("sort rows over four part files, which are found in order with the checksum of the input", async () => {
    const sorted = await runBoth(["terasort", "rows"], "sorted", ["--reduces", "4", "--split-bytes", "1MiB"]);
    const parts = Object.keys(digestParts(sorted)).map((name) => join(sorted, name));
    expect(parts).toHaveLength(4);
    const rows = readRows(
      Object.keys(digestParts(join(directory.path, "rows"))).map((name) => join(directory.path, "rows", name)),
    );
    const expected = rows.toSorted((a, b) => a.compare(b, 0, 10, 0, 10));
    expect(Buffer.concat(readRows(parts)).equals(Buffer.concat(expected))).toBe(true);
    const sizes = parts.map((path) => readFileSync(path).length);
    expect(Math.max(...sizes), "parts of about one size").toBeLessThan(2 * 1_250_000);

    const checksum = rows.reduce((sum, row) => sum + BigInt(crc32(row)), 0n).toString(16);
    const report = reportOf(await runBoth(["tera-validate", "sorted-run"], "report", ["--split-bytes", "512KiB"]));
    expect(report).toEqual({
      records: "50000",
      checksum,
      "duplicate keys": "0",
      "unordered records": "0",
      result: "all records are in order",
    });
    const unsorted = reportOf(await runBoth(["tera-validate", "rows"], "unsorted", ["--split-bytes", "512KiB"]));
    const steps = rows.filter((row, index) => index > 0 && row.compare(rows[index - 1]!, 0, 10, 0, 10) < 0);
    expect(unsorted).toMatchObject({ records: "50000", checksum, "unordered records": String(steps.length) });
  });

  it("give what Hadoop 3.4.2 gives for 10,000 rows", async () => {
    const must = async (...args: readonly string[]): Promise<void> => {
      const result = await millrace([...args, "-q"], { cwd: directory.path });
      expect(result.exit, result.stderr).toBe(0);
    };
    const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
    await must("gen", "tera", "few", "--rows", "10000");
    await must("run", "terasort", "few", "few-sorted", "--reduces", "2");
    await must("run", "tera-validate", "few-sorted", "few-report");
    // Made by its teragen, terasort and teravalidate.
    expect(sha256(readFileSync(join(directory.path, "few")))).toBe(
      "6b494b8e0118ae66fbe76949f12221555114174a0f7e256822593013a449f709",
    );
    const sorted = join(directory.path, "few-sorted");
    const parts = Object.keys(digestParts(sorted)).map((name) => readFileSync(join(sorted, name)));
    expect(sha256(Buffer.concat(parts))).toBe("d0c575bc758792ce12569b55ceaea9a52d63ec90fad9918bbb0feadc8349d01e");
    expect(reportOf(join(directory.path, "few-report"))).toMatchObject({ checksum: "139abefd74b2" });
  });

  it("counts a row that is cut off as bad", async () => {
    await millrace(["gen", "tera", "cut", "--rows", "1000", "-q"], { cwd: directory.path });
    appendFileSync(join(directory.path, "cut"), "cut off");
    const result = await millrace(["run", "tera-validate", "cut", "cut-out", "-o", "json"], { cwd: directory.path });
    expect(result.exit, result.stderr).toBe(0);
    expect(JSON.parse(result.stdout)).toMatchObject({
      counters: { "millrace.records.in": 1000, "millrace.records.bad": 1 },
      badRecords: [{ offset: 100_000 }],
    });
    expect(reportOf(join(directory.path, "cut-out"))).toMatchObject({ records: "1000" });
  });
});

describe("pi", () => {
  it("10 maps of 100 samples give 3.148", async () => {
    const output = await runBoth(["pi"], "pi", ["-p", "maps=10", "-p", "samples=100"]);
    expect(readParts(output)).toBe("3.148\t787\t1000\n");
  });
});
