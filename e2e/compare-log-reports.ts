// Holds the output of the log jobs against DuckDB's answers. Throws at the first row that differs.

import assert from "node:assert/strict";
import { join } from "node:path";
import { readParts } from "./harness.ts";
import type { LogOracle, OracleRow } from "./log-oracle.ts";

/** How far what is estimated may be off, and how far it was. */
const percentileErrorMax = 0.01;
/** Of `distinct` once it is no longer exact: three standard errors. */
const distinctErrorMax = 0.025;

/** What was compared. */
export interface Compared {
  readonly rows: Readonly<Record<string, number>>;
  /** Greatest relative errors seen. */
  readonly percentileError: number;
  readonly distinctError: number;
}

type Row = Readonly<Record<string, string | number | null>>;

/** Rows of an output of JSON lines. */
export function rowsOf(output: string): readonly Row[] {
  return readParts(output)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Row);
}

/** Check all reports of `traffic`. */
export async function compareTraffic(output: string, oracle: LogOracle, top: number): Promise<Compared> {
  const minutes = rowsOf(join(output, "minutes"));
  const exact = await oracle.quantiles("status, floor(ms / 60000) * 60000 as minute", "bytes", [0.5, 0.95, 0.99]);
  const percentileError = comparePercentiles(minutes, exact, {
    key: ["status", "minute"],
    equal: { hits: "hits", bytes: "total" },
    shares: ["p50", "p95", "p99"],
  });
  const lists = {
    paths: await compareTop(join(output, "paths"), oracle, {
      name: "path",
      sql: "coalesce(path, '')",
      by: "bytes",
      top,
    }),
    referrers: await compareTop(join(output, "referrers"), oracle, {
      name: "referrer",
      sql: "referrer",
      by: "hits",
      top,
    }),
    agents: await compareTop(join(output, "agents"), oracle, { name: "userAgent", sql: "agent", by: "hits", top }),
  };
  const days = rowsOf(join(output, "visitors"));
  const visitors = await oracle.rows(
    `select floor(ms / 86400000) * 86400000 as day, count(*) as hits, coalesce(sum(bytes), 0)::double as bytes,
       count(distinct (host, agent)) as visitors from hits group by all order by day`,
  );
  assert.deepEqual(byKey(days, ["day"]).map(without("visitors")), visitors.map(without("visitors")));
  const distinctError = Math.max(
    ...byKey(days, ["day"]).map((day, index) => relativeError(day["visitors"], visitors[index]?.["visitors"])),
  );
  assert.ok(distinctError <= distinctErrorMax, `different visitors are ${distinctError} off`);
  return { rows: { minutes: minutes.length, ...lists, visitors: days.length }, percentileError, distinctError };
}

/** What `latency` was asked for, in SQL. */
export interface LatencyQuestion {
  readonly windowMs: number;
  readonly group: string;
  readonly of: string;
}

/** Check `latency`. */
export async function compareLatency(output: string, oracle: LogOracle, asked: LatencyQuestion): Promise<Compared> {
  const { windowMs, group, of } = asked;
  const rows = rowsOf(output);
  const all = await oracle.quantiles(
    `floor(ms / ${windowMs}) * ${windowMs} as "window", ${group} as "group"`,
    of,
    [0.5, 0.9, 0.95, 0.99],
  );
  const percentileError = comparePercentiles(
    rows,
    all.filter((row) => Number(row["present"]) > 0),
    {
      key: ["window", "group"],
      equal: { hits: "present", max: "max" },
      shares: ["p50", "p90", "p95", "p99"],
    },
  );
  const means = new Map(all.map((row) => [keyOf(row, ["window", "group"]), Number(row["mean"])]));
  for (const row of rows) {
    const error = relativeError(row["mean"], means.get(keyOf(row, ["window", "group"])));
    assert.ok(error < 1e-12, `a mean is ${error} off`);
  }
  return { rows: { latency: rows.length }, percentileError, distinctError: 0 };
}

/** Check `sessions` with visitors by host and agent. */
export async function compareSessions(output: string, oracle: LogOracle, gapMinutes: number): Promise<Compared> {
  const rows = rowsOf(output).map(({ userAgent, ...row }) => ({ ...row, agent: userAgent ?? "" }));
  const exact = await oracle.rows(`
    with ordered as (
      select *, coalesce(agent, '') as visitor_agent,
        ms - lag(ms) over (partition by host, agent order by ms, file, number) as pause from hits
    ), numbered as (
      select *, sum(case when pause is null or pause > ${gapMinutes * 60_000} then 1 else 0 end)
        over (partition by host, agent order by ms, file, number) as session from ordered
    )
    select host as visitor, min(ms) as "begin", max(ms) as "end", (max(ms) - min(ms)) / 1000 as seconds, count(*) as hits,
      coalesce(sum(bytes), 0)::double as bytes, arg_min(coalesce(path, ''), (ms, file, number)) as entry,
      arg_max(coalesce(path, ''), (ms, file, number)) as exit, visitor_agent as agent
    from numbered group by host, visitor_agent, session`);
  const key = ["visitor", "agent", "begin"];
  assert.deepEqual(byKey(rows, key), byKey(exact, key));
  return { rows: { sessions: rows.length }, percentileError: 0, distinctError: 0 };
}

interface TopList {
  readonly name: string;
  readonly sql: string;
  readonly by: "hits" | "bytes";
  readonly top: number;
}

/** A top list: the order too, which is by rank, then by the bytes of the name, a missing one first. */
async function compareTop(output: string, oracle: LogOracle, { name, sql, by, top }: TopList): Promise<number> {
  const rows = rowsOf(output);
  const all = await oracle.rows(
    `select ${sql} as name, count(*) as hits, coalesce(sum(bytes), 0)::double as bytes from hits group by all`,
  );
  const expected = all
    .map((row) => ({ ...row, name: typeof row["name"] === "string" ? unescape(row["name"]) : null }) as OracleRow)
    .toSorted((a, b) => Number(b[by]) - Number(a[by]) || compareNames(a["name"], b["name"]))
    .slice(0, top);
  assert.deepEqual(
    rows,
    expected.map(({ name: value, ...row }) => ({ [name]: value, ...row })),
  );
  return rows.length;
}

/** Undo `\xHH` and `\"` as the servers wrote them. */
function unescape(text: string): string {
  if (!text.includes("\\")) return text;
  const bytes = text.replace(/\\x([0-9a-fA-F]{2})/gu, (_all, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return Buffer.from(bytes.replaceAll('\\"', '"'), "latin1").toString("utf8");
}

function compareNames(a: unknown, b: unknown): number {
  if (typeof a !== "string" || typeof b !== "string") return (a === null ? 0 : 1) - (b === null ? 0 : 1);
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

interface PercentileRows {
  readonly key: readonly string[];
  /** Columns of the job, and those of the oracle that they equal. */
  readonly equal: Readonly<Record<string, string>>;
  readonly shares: readonly string[];
}

/** @returns the greatest relative error of a percentile. */
function comparePercentiles(
  rows: readonly Row[],
  exact: readonly OracleRow[],
  { key, equal, shares }: PercentileRows,
): number {
  assert.equal(rows.length, exact.length, "as many groups");
  const expected = new Map(exact.map((row) => [keyOf(row, key), row]));
  let worst = 0;
  for (const row of rows) {
    const other = expected.get(keyOf(row, key));
    assert.ok(other !== undefined, `a group ${keyOf(row, key)}`);
    for (const [mine, theirs] of Object.entries(equal))
      assert.equal(row[mine], other[theirs], `${mine} of ${keyOf(row, key)}`);
    for (const share of shares) {
      if (other[share] === null || row[share] === null) assert.equal(row[share], other[share]);
      else worst = Math.max(worst, relativeError(row[share], other[share]));
    }
  }
  assert.ok(worst <= percentileErrorMax, `a percentile is ${worst} off`);
  return worst;
}

function relativeError(got: unknown, exact: unknown): number {
  if (got === exact) return 0;
  return Math.abs(Number(got) - Number(exact)) / Math.abs(Number(exact));
}

function keyOf(row: Row, key: readonly string[]): string {
  return JSON.stringify(key.map((name) => row[name]));
}

function byKey<R extends Row>(rows: readonly R[], key: readonly string[]): readonly R[] {
  return rows.toSorted((a, b) => Buffer.compare(Buffer.from(keyOf(a, key)), Buffer.from(keyOf(b, key))));
}

function without(name: string): (row: Row) => Row {
  return (row) => Object.fromEntries(Object.entries(row).filter(([each]) => each !== name));
}
