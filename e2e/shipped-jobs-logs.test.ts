// The shipped jobs for logs, in one process and on a cluster of processes: the same parts to the byte, and what DuckDB,
// or whoever made the lines, says of them.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestCluster } from "./cluster.ts";
import { startTestCluster } from "./cluster.ts";
import { compareLatency, compareSessions, compareTraffic, rowsOf } from "./compare-log-reports.ts";
import { digestTree, millrace, scratchDirectory } from "./harness.ts";
import { LogOracle } from "./log-oracle.ts";

const directory = scratchDirectory();
let cluster: TestCluster;
let oracle: LogOracle;
const shape = ["--split-bytes", "256KiB", "--reduces", "3"];
const cutOff = '10.0.0.1 - - [01/Jan/2026:00:00:01 +0000] "GET /cut HTTP/1.1" 200 5 "-" "Mozilla';
const logs = ["hits-0.log", "hits-1.log"];

/** Numbers in [0, below) that are the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

beforeAll(async () => {
  cluster = await startTestCluster({ workers: 2, slots: 1 });
  await millrace(["gen", "access-log", "made", "--bytes", "3MiB", "--files", "2", "--seed", "9"], {
    cwd: directory.path,
  });
  const next = numbers(4);
  const files = ["made/access-log-00000.log", "made/access-log-00001.log"];
  for (const [index, name] of logs.entries()) {
    const lines = readFileSync(join(directory.path, files[index] ?? ""), "utf8")
      .trimEnd()
      .split("\n");
    // Times of requests behind most lines, as nginx writes them; a few lines of other kinds.
    const timed = lines.map((line) => (next(20) === 0 ? line : `${line} ${(next(900_000) ** 2 / 2e11).toFixed(3)} -`));
    writeFileSync(
      join(directory.path, name),
      [...timed, "", '10.0.0.9 - ann [02/Jan/2026:00:00:01 +0100] "-" 400 - "-" "-"', cutOff].join("\n"),
    );
  }
  oracle = await LogOracle.open(logs.map((name) => join(directory.path, name)));
});
afterAll(async () => {
  oracle.close();
  await cluster.stop();
  directory.remove();
});

/** Run a job in one process and on the cluster, and hold the bytes against each other. @returns the output. */
async function runBoth(job: readonly string[], inputs: readonly string[], name: string): Promise<string> {
  const options = { cwd: directory.path, env: cluster.env };
  const embedded = await millrace(["run", ...job, ...inputs, `${name}-embedded`, ...shape], options);
  expect(embedded.exit, embedded.stderr).toBe(0);
  const submitted = await millrace(["submit", ...job, ...inputs, `${name}-cluster`, ...shape], options);
  expect(submitted.exit, submitted.stderr).toBe(0);
  const parts = (output: string): unknown =>
    Object.entries(digestTree(join(directory.path, output))).filter(([path]) => !path.endsWith("_SUCCESS"));
  expect(parts(`${name}-cluster`)).toEqual(parts(`${name}-embedded`));
  return join(directory.path, `${name}-cluster`);
}

describe("traffic", () => {
  it("equals DuckDB's answers: hits, bytes and top lists exactly, percentiles within one percent", async () => {
    const output = await runBoth(["traffic", "-p", "top=50"], logs, "traffic");
    const { rows, percentileError, distinctError } = await compareTraffic(output, oracle, 50);
    expect(rows).toMatchObject({ paths: 50, referrers: 2, agents: 5, visitors: 2 });
    expect(rows["minutes"]).toBeGreaterThan(20);
    expect(percentileError).toBeLessThanOrEqual(0.01);
    expect(distinctError).toBeLessThanOrEqual(0.025);
  });
});

describe("latency", () => {
  it.each([
    ["path", "5m", { windowMs: 300_000, group: "split_part(coalesce(path, ''), '?', 1)", of: "seconds" }],
    ["status", "1m", { windowMs: 60_000, group: "status::varchar", of: "seconds" }],
    ["all", "1d", { windowMs: 86_400_000, group: "null::varchar", of: "bytes" }],
  ])("equals DuckDB's answers by %s in windows of %s", async (group, window, asked) => {
    const of = asked.of === "seconds" ? "requestTime" : "bytes";
    const job = ["latency", "-p", `group=${group}`, "-p", `window=${window}`, "-p", `of=${of}`];
    const { rows, percentileError } = await compareLatency(await runBoth(job, logs, `latency-${group}`), oracle, asked);
    expect(rows["latency"]).toBeGreaterThan(1);
    expect(percentileError).toBeLessThanOrEqual(0.01);
  });
});

describe("sessions", () => {
  it("equals DuckDB's window functions, row by row", async () => {
    const output = await runBoth(["sessions", "-p", "gap=1"], logs, "sessions");
    const { rows } = await compareSessions(output, oracle, 1);
    expect(rows["sessions"]).toBeGreaterThan(5000);
  });
});

describe("log-errors", () => {
  it("finds the templates that lines were made of, with the first and the last of each", async () => {
    const next = numbers(6);
    const hex = (digits: number): string => Array.from({ length: digits }, () => next(16).toString(16)).join("");
    const kinds: readonly (() => readonly [string, string])[] = [
      () => [
        `ERROR connect to 10.${next(250)}.${next(250)}.7:${next(60_000)} failed after ${next(900) / 10}s`,
        "ERROR connect to <ip> failed after <n>s",
      ],
      () => [
        `ERROR user "u ${hex(3)}" not found (request 550e8400-e29b-41d4-a716-${hex(12)})`,
        "ERROR user <text> not found (request <id>)",
      ],
      () => [`FATAL segment 0x${hex(12)} of job ${next(1000)} corrupt`, "FATAL segment <hex> of job <n> corrupt"],
      () => [
        `WARN request failed with ${400 + next(100)} in worker-${next(9)}`,
        "WARN request failed with <n> in worker-<n>",
      ],
      () => ["INFO nothing to see", ""],
    ];
    const made = Array.from({ length: 20_000 }, (_, index) => {
      const at = new Date(Date.UTC(2026, 0, 1) + index * 700).toISOString();
      const [text, template] = kinds[Math.min(next(5), next(5))]?.() ?? ["", ""];
      return { line: `${at} ${text}`, template: template === "" ? "" : `<time> ${template}` };
    });
    writeFileSync(join(directory.path, "app.log"), `${made.map(({ line }) => line).join("\n")}\n`);
    const output = await runBoth(["log-errors"], ["app.log"], "errors");
    const groups = Map.groupBy(
      made.filter(({ template }) => template !== ""),
      ({ template }) => template,
    );
    const expected = [...groups].map(([template, lines]) => ({
      count: lines.length,
      template,
      first: lines[0]?.line,
      last: lines.at(-1)?.line,
    }));
    expect(rowsOf(output)).toEqual(expected.toSorted((a, b) => b.count - a.count));
    expect(expected).toHaveLength(4);
  });
});
