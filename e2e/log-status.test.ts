// An access log on a cluster against an independent count: a regular expression and a Map.

import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestCluster } from "./cluster.ts";
import { startTestCluster } from "./cluster.ts";
import { millrace, readParts, scratchDirectory } from "./harness.ts";

const directory = scratchDirectory();
let cluster: TestCluster;
const cutOff = '10.0.0.1 - - [01/Jan/2026:00:00:01 +0000] "GET /cut HTTP/1.1" 200 5 "-" "Mozilla';

beforeAll(async () => {
  cluster = await startTestCluster({ workers: 2, slots: 1 });
  await millrace(["gen", "access-log", "access.log", "--bytes", "2MiB", "--seed", "5"], { cwd: directory.path });
  appendFileSync(join(directory.path, "access.log"), cutOff);
});
afterAll(async () => {
  await cluster.stop();
  directory.remove();
});

interface Row {
  readonly key: { readonly status: number; readonly minute: number };
  readonly value: { readonly hits: number; readonly bytes: number | null; readonly p99: number | null };
}

/** Count as a reader of the log would, without any of the engine. */
function countByHand(): ReadonlyMap<string, { readonly bytes: readonly number[]; readonly hits: number }> {
  const groups = new Map<string, { bytes: number[]; hits: number }>();
  const line = /^\S+ \S+ \S+ \[(\d\d)\/Jan\/2026:(\d\d):(\d\d):\d\d \+0000\] "[^"]*" (\d+) (\d+|-) "[^"]*" "[^"]*"$/;
  for (const text of readFileSync(join(directory.path, "access.log"), "latin1").split("\n")) {
    const match = line.exec(text);
    if (match === null) continue;
    const [, day, hour, minute, status, bytes] = match;
    const key = `${status} ${Date.UTC(2026, 0, Number(day), Number(hour), Number(minute))}`;
    const group = groups.get(key) ?? { bytes: [], hits: 0 };
    group.hits += 1;
    if (bytes !== "-") group.bytes.push(Number(bytes));
    groups.set(key, group);
  }
  return groups;
}

describe("log-status", () => {
  it("counts hits and bytes exactly and p99 within one percent, and the cut line as bad", async () => {
    const result = await millrace(
      ["submit", "log-status", "access.log", "out", "--split-bytes", "256KiB", "--reduces", "3", "-o", "json"],
      { cwd: directory.path, env: cluster.env },
    );
    expect(result.exit, result.stderr).toBe(0);
    const expected = countByHand();
    const rows = readParts(join(directory.path, "out"))
      .split("\n")
      .filter((row) => row !== "")
      .map((row) => JSON.parse(row) as Row);
    expect(rows).toHaveLength(expected.size);
    let hits = 0;
    for (const { key, value } of rows) {
      const group = expected.get(`${key.status} ${key.minute}`);
      const sorted = (group?.bytes ?? []).toSorted((a, b) => a - b);
      expect(value.hits).toBe(group?.hits);
      if (sorted.length > 0) {
        expect(value.bytes).toBe(sorted.reduce((sum, bytes) => sum + bytes, 0));
        const exact = sorted[Math.floor(0.99 * (sorted.length - 1))] ?? Number.NaN;
        expect(Math.abs((value.p99 ?? Number.NaN) - exact)).toBeLessThanOrEqual(0.01 * exact + 1e-9);
      }
      hits += value.hits;
    }
    const view = JSON.parse(result.stdout) as {
      stages: { recordsIn: number }[];
      counters: Record<string, number>;
      badRecords: { offset: number }[];
    };
    expect(view.stages[0]?.recordsIn).toBe(hits);
    expect(view.counters).toMatchObject({ "millrace.records.in": hits, "millrace.records.bad": 1 });
    expect(view.badRecords).toMatchObject([
      { offset: readFileSync(join(directory.path, "access.log")).length - cutOff.length },
    ]);
  });

  it("fails when more records are bad than the job allows, with a sample", async () => {
    const result = await millrace(["submit", "log-status", "access.log", "none", "--bad-records-max", "0"], {
      cwd: directory.path,
      env: cluster.env,
    });
    expect(result.exit).toBe(1);
    expect(result.stderr).toMatch(/access\.log[\s\S]*E_BAD_RECORDS/);
  });
});
