// What an author's aggregation infers, and what it refuses before anything runs. Checked by the compiler, never run; see
// job-cases.ts.

/* oxlint-disable typescript/no-unnecessary-type-parameters */

import type { Expr, Job } from "millrace";
import {
  add,
  and,
  atLeast,
  before,
  boolean,
  choice,
  choose,
  chain,
  combinedLog,
  contains,
  count,
  csv,
  defineAggregation,
  distinct,
  divide,
  equals,
  floorTime,
  greaterThan,
  hasPrefix,
  int,
  isMissing,
  json,
  jsonLines,
  lookup,
  matches,
  max,
  mean,
  min,
  multiply,
  not,
  object,
  optional,
  or,
  outputOf,
  quantile,
  records,
  set,
  sideTable,
  substring,
  subtract,
  sum,
  text,
  textOf,
  textLines,
  textTable,
  time,
  words,
} from "millrace";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare const is: <_T extends true>() => void;
const log = combinedLog();
const users = csv({ columns: { id: text(), country: text(), age: optional(int()), since: time() } });
const lines = textLines();
const rows = jsonLines(object({ id: text(), ms: optional(int()), tags: object({ host: text() }) }));

// ── Compiles: aggregations ──────────────────────────────────────────────────────────────────────────────────────────

is<Equal<typeof log.status, Expr<"number", never>>>();
is<Equal<typeof log.bytes, Expr<"number", null>>>();
is<Equal<typeof users.age, Expr<"number", null>>>();
const params = { prefix: text({ default: "/" }), least: int({ default: 500 }) };
const countries = sideTable({ file: "countries.csv", columns: { id: text(), country: text() }, key: "id" });
export const traffic = defineAggregation({
  name: "traffic",
  params,
  input: log,
  where: and(atLeast(log.status, params.least), hasPrefix(log.path, params.prefix), not(equals(log.method, "HEAD")), atLeast(log.time, "2026-01-01")),
  aggregations: {
    minutes: {
      groupBy: { status: log.status, minute: floorTime(log.time, "1m", { zone: "Europe/Berlin" }) },
      reduce: { hits: count(), bytes: sum(log.bytes), p99: quantile(log.bytes, 0.99), last: max(log.time), hosts: set(log.host) },
      output: jsonLines(),
    },
    paths: {
      groupBy: { path: log.path, country: lookup(log.user, countries, "country") },
      reduce: { hits: count(), bytes: sum(log.bytes) },
      having: (row) => {
        is<Equal<typeof row, { readonly path: Expr<"text", never>; readonly country: Expr<"text", null>; readonly hits: Expr<"number">; readonly bytes: Expr<"number"> }>>();
        return greaterThan(row.hits, 10);
      },
      top: { by: "bytes", count: 100 },
      output: csv({ columns: { path: text(), country: optional(text()), hits: int(), bytes: int() } }),
    },
    visitors: { where: matches(log.userAgent, "^Mozilla"), groupBy: { day: floorTime(log.time, "1d") }, reduce: { visitors: distinct(log.host, log.userAgent) }, output: textTable() },
    sizes: { groupBy: {}, reduce: { kilo: mean(divide(log.bytes, 1024)), sum: sum(add(multiply(log.status, 2), log.status)), rest: sum(subtract(600, log.status)), rate: mean(divide(1000, log.bytes)), least: min(log.path) }, output: jsonLines() },
    words: { groupBy: { word: words(log.path) }, reduce: { hits: count() }, output: jsonLines() },
  },
});
type Outputs<J> = J extends Job<never, unknown, infer X> ? X : never;
is<Equal<Outputs<typeof traffic>, {
  readonly minutes: { readonly status: number; readonly minute: number; readonly hits: number; readonly bytes: number; readonly p99: number | null; readonly last: number; readonly hosts: readonly string[] };
  readonly paths: { readonly path: string; readonly country: string | null; readonly hits: number; readonly bytes: number };
  readonly visitors: { readonly day: number; readonly visitors: number };
  readonly sizes: { readonly kilo: number | null; readonly sum: number; readonly rest: number; readonly rate: number | null; readonly least: string };
  readonly words: { readonly word: string; readonly hits: number };
}>>();


// Columns of the other formats: a line is one, fields of a codec that are scalars are, and nothing else is.
is<Equal<typeof lines.line, Expr<"text", never>>>();
is<Equal<typeof rows.id, Expr<"text", never>>>();
is<Equal<typeof rows.ms, Expr<"number", null>>>();
const by = choice("path", "status", "user", "none");
const chosenGroup = choose(by, { path: before(log.path, "?"), status: textOf(log.status), user: log.user, none: null });
is<Equal<typeof chosenGroup, Expr<"text", null>>>();
const chosenPath = choose(boolean(), { true: log.path, false: log.method });
is<Equal<typeof chosenPath, Expr<"text", never>>>();
const flooredBy = floorTime(log.time, choice("1m", "1h"));
is<Equal<typeof flooredBy, Expr<"time", never>>>();
const taken = substring(log.userAgent, 0, 8);
is<Equal<typeof taken, Expr<"text", null>>>();
defineAggregation({
  name: "lines",
  input: lines,
  where: or(contains(lines.line, "ERROR"), isMissing(lines.line)),
  aggregations: { all: { groupBy: { word: words(lines.line) }, reduce: { hits: count() }, having: ({ hits }) => greaterThan(hits, 1), output: textTable() } },
});

// A chain goes on with the rows of one grouping, or begins with the records of a job before.
const counted = records(object({ key: text(), value: int() }));
is<Equal<typeof counted.value, Expr<"number", never>>>();
const again = defineAggregation({ name: "again", input: counted, aggregations: { sizes: { groupBy: { n: counted.value }, reduce: { words: count() }, output: jsonLines() } } });
const perPath = outputOf(traffic, "words");
is<Equal<typeof perPath extends Job<never, infer O> ? O : never, { readonly word: string; readonly hits: number }>>();
export const onward = chain(outputOf(defineAggregation({ name: "first", input: log, aggregations: { hosts: { groupBy: { key: log.host }, reduce: { value: count() }, output: records(object({ key: text(), value: int() })) } } }), "hosts"), again);

// ── Must not compile: expressions and aggregations ──────────────────────────────────────────────────────────────────

// @ts-expect-error Argument of type 'number' is not assignable to parameter of type 'Operand<"text">'.
equals(log.path, 5);
// @ts-expect-error Argument of type 'string' is not assignable to parameter of type 'Operand<"number">'.
atLeast(log.status, "500");
// @ts-expect-error is not assignable to parameter of type 'Operand<"number">'.
equals(log.status, log.path);
// @ts-expect-error is not assignable to parameter of type 'Operand<"number">'.
atLeast(log.status, params.prefix);
// @ts-expect-error is not assignable to parameter of type 'Operand<"time">'.
greaterThan(log.time, log.status);
// @ts-expect-error Argument of type '"1 minute"' is not assignable to parameter of type
floorTime(log.time, "1 minute");
// @ts-expect-error is not assignable to parameter of type
floorTime(log.time, choice("1m", "1 hour"));
// @ts-expect-error Property 'false' is missing in type
choose(boolean(), { true: log.path });
// @ts-expect-error Type '"number"' is not assignable to type '"text"'.
before(log.status, "?");
// @ts-expect-error Type '"number"' is not assignable to type '"time"'.
floorTime(log.status, "1m");
// @ts-expect-error Type '"text"' is not assignable to type '"number"'.
add(log.path, 1);
// @ts-expect-error is not assignable to parameter of type 'Condition'.
and(log.status);
// @ts-expect-error Argument of type '"county"' is not assignable to parameter of type '"country" | "id"'.
lookup(log.user, countries, "county");
// @ts-expect-error Type '"number"' is not assignable to type '"text"'.
lookup(log.status, countries, "country");
// @ts-expect-error Type 'Codec<JsonValue, "json">' is missing the following properties from type 'KeyCodec<any,
csv({ columns: { user: json() } });
// @ts-expect-error Property 'agee' does not exist on type
max(users.agee);
// @ts-expect-error Type '"text"' is not assignable to type '"number"'.
sum(log.path);

// One mistake in each aggregation, one message each: none spoils its neighbours.
defineAggregation({
  name: "mistakes",
  input: log,
  aggregations: {
    // @ts-expect-error Property 'bites' does not exist on type 'Table<CombinedLog, CombinedLogRecord>'. Did you mean 'bytes'?
    column: { groupBy: { path: log.path }, reduce: { bytes: sum(log.bites) }, output: jsonLines() },
    // @ts-expect-error Type '"byte"' is not assignable to type '"bytes" | "hits"'. Did you mean '"bytes"'?
    by: { groupBy: { path: log.path }, reduce: { hits: count(), bytes: sum(log.bytes) }, top: { by: "byte", count: 100 }, output: jsonLines() },
    // @ts-expect-error Type '"hosts"' is not assignable to type '"hits"'.
    unranked: { groupBy: { path: log.path }, reduce: { hits: count(), hosts: set(log.host) }, top: { by: "hosts", count: 100 }, output: jsonLines() },
    // @ts-expect-error Type 'Aggregator<number, number>' is missing the following properties from type 'ColumnAggregator<unknown, unknown>'
    unbound: { groupBy: { path: log.path }, reduce: { bytes: sum() }, output: jsonLines() },
    // @ts-expect-error Did you mean to write 'top'?
    misspelt: { groupBy: { path: log.path }, reduce: { hits: count() }, tops: { by: "hits", count: 1 }, output: jsonLines() },
    // @ts-expect-error is not assignable to type '"This name is already taken in `groupBy`"'.
    twice: { groupBy: { status: log.status }, reduce: { status: count() }, output: jsonLines() },
    // @ts-expect-error Property 'hitss' is missing in type
    output: { groupBy: { path: log.path }, reduce: { hits: count() }, output: csv({ columns: { path: text(), hitss: int() } }) },
    // @ts-expect-error Argument of type 'string' is not assignable to parameter of type 'Operand<"number">'.
    having: { groupBy: { path: log.path }, reduce: { hits: count() }, having: (row) => greaterThan(row.hits, "10"), output: jsonLines() },
    // @ts-expect-error Type 'string' is not assignable to type 'Expr<keyof Kinds, null>'.
    group: { groupBy: { path: "path" }, reduce: { hits: count() }, output: jsonLines() },
    good: { groupBy: { path: log.path }, reduce: { hits: count() }, top: { by: "hits", count: 1 }, output: jsonLines() },
  },
});

// @ts-expect-error Property 'tags' does not exist on type
isMissing(rows.tags);
// @ts-expect-error Property 'lines' does not exist on type
contains(lines.lines, "ERROR");
// @ts-expect-error Type '"number"' is not assignable to type '"text"'.
words(log.status);
// @ts-expect-error Argument of type 'number' is not assignable to parameter of type 'string | Param<string>'.
matches(log.path, 5);
