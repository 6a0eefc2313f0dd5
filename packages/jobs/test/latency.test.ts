import { testJob } from "@millrace/task-host";
import { describe, expect, it } from "vitest";
import latency from "../src/latency.ts";

const hit = (second: number, path: string, tail: string, more = '"GET {} HTTP/1.1" 200 100'): string =>
  `10.0.0.1 - - [01/Jan/2026:00:${String(Math.floor(second / 60)).padStart(2, "0")}:${String(second % 60).padStart(2, "0")} +0000] ${more.replace("{}", path)} "-" "curl/8"${tail}`;
const day = Date.UTC(2026, 0, 1);

type Row = { readonly window: number; readonly group: string | null; readonly hits: number } & Readonly<
  Record<"mean" | "p50" | "p90" | "p95" | "p99" | "max", number>
>;
const run = async (input: readonly string[], params: Readonly<Record<string, string>> = {}) => {
  const result = await testJob(latency, { input, params });
  return {
    counters: result.counters,
    rows: (result.records as readonly Row[]).toSorted(
      (a, b) => a.window - b.window || ((a.group ?? "") < (b.group ?? "") ? -1 : 1),
    ),
  };
};

describe("latency", () => {
  it("gives percentiles of the time of requests by window and path", async () => {
    const input = [
      ...Array.from({ length: 100 }, (_, index) => hit(index, "/a?x=1", ` ${(index + 1) / 1000}`)),
      hit(5, "/b", " 2.5 2.25, 0.125"),
      hit(400, "/a", " 7"),
      hit(5, "/b", ""),
      hit(5, "/b", " -"),
    ];
    const { rows, counters } = await run(input, { window: "5m" });
    expect(rows.map(({ window, group, hits, max }) => [window - day, group, hits, max])).toEqual([
      [0, "/a", 100, 0.1],
      [0, "/b", 1, 2.5],
      [300_000, "/a", 1, 7],
    ]);
    const [first] = rows;
    expect(first?.mean).toBe(0.0505);
    for (const [name, exact] of [
      ["p50", 0.05],
      ["p90", 0.09],
      ["p95", 0.095],
      ["p99", 0.099],
    ] as const)
      expect(Math.abs((first?.[name] ?? Number.NaN) - exact)).toBeLessThanOrEqual(0.01 * exact);
    expect(Object.keys(first ?? {})).toEqual(["window", "group", "hits", "mean", "p50", "p90", "p95", "p99", "max"]);
    expect(counters["latency.without"]).toBe(2);
  });

  it.each([
    [{ group: "path", query: "true" }, ["/a?x=1", "/a?x=2"]],
    [{ group: "path" }, ["/a"]],
    [{ group: "method" }, ["GET"]],
    [{ group: "status" }, ["200"]],
    [{ group: "host" }, ["10.0.0.1"]],
    [{ group: "all" }, [null]],
  ])("groups by %j", async (params, groups) => {
    const { rows } = await run([hit(0, "/a?x=1", " 1"), hit(1, "/a?x=2", " 1")], params);
    expect(rows.map(({ group }) => group)).toEqual(groups);
  });

  it("measures upstreams and bytes too", async () => {
    const input = [hit(0, "/", " 3 0.25, 0.5"), hit(1, "/", " 3 -"), hit(2, "/", " 3")];
    expect((await run(input, { of: "upstreamResponseTime" })).rows).toMatchObject([{ hits: 1, max: 0.75 }]);
    expect((await run(input, { of: "bytes" })).rows).toMatchObject([{ hits: 3, mean: 100 }]);
  });

  it.each([
    ["window", "2h"],
    ["group", "agent"],
    ["of", "time"],
  ])("refuses the %s %s", async (name, value) => {
    await expect(run([], { [name]: value })).rejects.toThrow(value);
  });
});
