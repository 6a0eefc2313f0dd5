import { testJob } from "@millrace/task-host";
import { describe, expect, it } from "vitest";
import traffic from "../src/traffic.ts";

const hit = (host: string, minute: number, path: string, more = '200 100 "-" "curl/8"'): string =>
  `${host} - - [01/Jan/2026:00:${String(minute).padStart(2, "0")}:30 +0000] "GET ${path} HTTP/1.1" ${more}`;
const day = Date.UTC(2026, 0, 1);

const lines = [
  hit("10.0.0.1", 0, "/a"),
  hit("10.0.0.1", 0, "/a", '200 300 "http://e.org/" "curl/8"'),
  hit("10.0.0.2", 0, "/b", '304 - "-" "curl/8"'),
  hit("10.0.0.1", 1, "/b", '200 50 "-" "other"'),
  "not a hit",
  hit("10.0.0.3", 1, "/c", "404 0"),
];

describe("traffic", () => {
  it("makes five reports of one scan", async () => {
    const { outputs, badRecords } = await testJob(traffic, { input: lines });
    expect(badRecords).toHaveLength(1);
    const minutes = outputs.minutes.map(({ p50, p95, p99, ...row }) => ({
      ...row,
      some: [p50, p95, p99].every((p) => p !== null),
    }));
    expect(minutes.toSorted((a, b) => a.status - b.status || a.minute - b.minute)).toEqual([
      { status: 200, minute: day, hits: 2, bytes: 400, some: true },
      { status: 200, minute: day + 60_000, hits: 1, bytes: 50, some: true },
      { status: 304, minute: day, hits: 1, bytes: 0, some: false },
      { status: 404, minute: day + 60_000, hits: 1, bytes: 0, some: true },
    ]);
    expect(outputs.paths).toEqual([
      { path: "/a", hits: 2, bytes: 400 },
      { path: "/b", hits: 2, bytes: 50 },
      { path: "/c", hits: 1, bytes: 0 },
    ]);
    expect(outputs.visitors).toEqual([{ day, hits: 5, bytes: 450, visitors: 4 }]);
    expect(outputs.referrers).toEqual([
      { referrer: null, hits: 4, bytes: 150 },
      { referrer: "http://e.org/", hits: 1, bytes: 300 },
    ]);
    expect(outputs.agents).toEqual([
      { userAgent: "curl/8", hits: 3, bytes: 400 },
      { userAgent: null, hits: 1, bytes: 0 },
      { userAgent: "other", hits: 1, bytes: 50 },
    ]);
  });

  it("gives percentiles within one percent", async () => {
    const sizes = Array.from({ length: 101 }, (_, index) => 1000 + index * 10);
    const { outputs } = await testJob(traffic, {
      input: sizes.map((bytes) => hit("h", 0, "/", `200 ${bytes} "-" "-"`)),
    });
    const [row] = outputs.minutes;
    for (const [got, exact] of [
      [row?.p50, 1500],
      [row?.p95, 1950],
      [row?.p99, 1990],
    ] as const)
      expect(Math.abs((got ?? Number.NaN) - exact)).toBeLessThanOrEqual(0.01 * exact);
  });

  it("keeps as many rows of a top list as it is told", async () => {
    const { outputs } = await testJob(traffic, { input: lines, params: { top: "1" } });
    expect(outputs.paths).toEqual([{ path: "/a", hits: 2, bytes: 400 }]);
    expect(outputs.visitors).toHaveLength(1);
  });
});
