// What joins and chains infer, and what they refuse. Checked by the compiler, never run; see job-cases.ts.
/* oxlint-disable typescript/no-unnecessary-type-parameters */

import type { Emit, Expr, InnerRow, Job, LeftRow, Pair, Values } from "millrace";
import {
  antiJoin,
  bytes,
  chain,
  combinedLog,
  count,
  csv,
  defineAggregation,
  defineJob,
  defineJoin,
  innerJoin,
  int,
  jsonLines,
  fullJoin,
  leftJoin,
  object,
  optional,
  outputOf,
  records,
  semiJoin,
  sum,
  text,
  textLines,
  textTable,
  time,
  topK,
  tuple,
} from "millrace";

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare const is: <_T extends true>() => void;
const log = combinedLog();
const users = csv({ columns: { id: text(), country: text(), age: optional(int()), since: time() } });

// ── Compiles: joins ─────────────────────────────────────────────────────────────────────────────────────────────────

// Parameters, state and named outputs in each map; one key; the values of each input by its name.
export const joined = defineJoin({
  name: "hits-by-country",
  params: { pattern: text() },
  setup: ({ params }) => new RegExp(params.pattern),
  inputs: {
    users: { input: users, value: text(), map: (user, emit) => { emit(user.id, user.country); } },
    hits: {
      input: log,
      value: object({ path: text() }),
      map: (hit, emit, context) => {
        is<Equal<typeof emit, Emit<string, { readonly path: string }>>>();
        is<Equal<typeof context.params, { readonly pattern: string }>>();
        is<Equal<typeof context.state, RegExp>>();
        if (hit.user === null) context.outputs.unknown(hit.host);
        else if (context.state.test(hit.path)) emit(hit.user, { path: hit.path });
      },
    },
  },
  reduce(key, { users, hits }, emit) {
    is<Equal<typeof key, string>>();
    is<Equal<typeof users, Values<string>>>();
    is<Equal<typeof hits, Values<{ readonly path: string }>>>();
    for (const { path } of hits) for (const country of users) emit({ country, path });
  },
  output: jsonLines(object({ country: text(), path: text() })),
  outputs: { unknown: textLines() },
});
is<Equal<typeof joined, Job<never, { readonly country: string; readonly path: string }, { readonly unknown: string }>>>();

// A composite key; the usual kinds of joins.
const sides = {
  users: { input: users, value: text(), map: (user: { readonly id: string; readonly country: string }, emit: Emit<readonly [string, number], string>) => { emit([user.id, 0], user.country); } },
};
defineJoin({
  name: "kinds",
  key: tuple(text(), int()),
  inputs: {
    ...sides,
    hits: { input: log, value: int(), map: (hit, emit) => { is<Equal<typeof emit, Emit<readonly [string, number], number>>>(); emit([hit.host, hit.status], hit.bytes ?? 0); } },
  },
  reduce: (key, sides, emit) => {
    for (const row of innerJoin(sides)) {
      is<Equal<typeof row.users, string>>();
      is<Equal<typeof row.hits, number>>();
      emit([...key, row.users, row.hits]);
    }
    for (const row of leftJoin(sides, "hits")) {
      is<Equal<typeof row.users, string | null>>();
      is<Equal<typeof row.hits, number>>();
    }
    for (const row of fullJoin(sides)) {
      is<Equal<typeof row.users, string | null>>();
      is<Equal<typeof row.hits, number | null>>();
    }
    for (const hit of semiJoin(sides, "hits")) is<Equal<typeof hit, number>>();
    for (const user of antiJoin(sides, "users")) is<Equal<typeof user, string>>();
  },
  output: textTable(),
});
is<Equal<InnerRow<{ a: Values<string>; b: Values<1> }>, { readonly a: string; readonly b: 1 }>>();
is<Equal<LeftRow<{ a: Values<string>; b: Values<1> }, "b">, { readonly a: string | null; readonly b: 1 }>>();

// ── Compiles: chains ────────────────────────────────────────────────────────────────────────────────────────────────

const wordCount = defineJob({ name: "word-count", input: textLines(), map: (line, emit) => { emit(line, 1); }, reduce: sum(), output: textTable() });
const grep = defineJob({ name: "grep", input: textLines(), map: (line, emit) => { emit(line); }, output: textLines() });
const split = defineJob({ name: "split", input: log, map: (hit, _emit, { outputs }) => { outputs.paths(hit.path); outputs.hosts({ host: hit.host }); }, outputs: { paths: textLines(), hosts: jsonLines(object({ host: text() })) } });
const counted = records(object({ key: text(), value: int() }));
is<Equal<typeof counted.value, Expr<"number", never>>>();
const top = defineJob({ name: "top", input: counted, map: ({ key, value }, emit) => { emit("", { item: key, weight: value }); }, reduce: topK(10, text()), output: jsonLines() });
export const chained = chain(wordCount, top);
is<Equal<typeof chained, Job<string, Pair<string, readonly { readonly item: string; readonly weight: number }[]>, {}>>>();
const routed = defineJob({ name: "routed", input: textLines(), map: (line, emit, { outputs }) => { emit(line); outputs.long(line); }, output: textLines(), outputs: { long: textLines() } });
const twice = chain(routed, grep, chain(routed, grep));
is<Equal<typeof twice, Job<string, string, { readonly long: string }>>>();
const onward = chain(outputOf(split, "paths"), grep);
is<Equal<typeof onward, Job<{ readonly host: string; readonly user: string | null; readonly time: number; readonly method: string; readonly path: string; readonly status: number; readonly bytes: number | null; readonly referrer: string | null; readonly userAgent: string | null }, string, { readonly hosts: { readonly host: string } }>>>();
const again = defineAggregation({ name: "again", input: counted, aggregations: { sizes: { groupBy: { n: counted.value }, reduce: { words: count() }, output: jsonLines() } } });
const sizes = chain(wordCount, outputOf(again, "sizes"));
is<Equal<typeof sizes, Job<string, { readonly n: number; readonly words: number }, {}>>>();
chain(grep, wordCount, top);
chain(chain(grep, grep, grep), grep, wordCount, top);
chain(joined, defineJob({ name: "countries", input: records(object({ country: text(), path: text() })), map: (row, emit) => { emit(row.country); }, reduce: count(), output: textTable() }));

// ── Must not compile: joins ─────────────────────────────────────────────────────────────────────────────────────────

defineJoin({
  name: "sides",
  inputs: {
    // @ts-expect-error Property 'ids' does not exist on type
    users: { input: users, value: text(), map: (user, emit) => { emit(user.ids, user.country); } },
    // @ts-expect-error Argument of type 'string' is not assignable to parameter of type 'number'.
    hits: { input: log, value: int(), map: (hit, emit) => { emit(hit.host, hit.path); } },
    // @ts-expect-error Property 'value' is missing in type
    more: { input: log, map: (hit, emit) => { emit(hit.host, 1); } },
    good: { input: log, value: bytes(), map: (hit, emit) => { emit(hit.host, new Uint8Array(hit.status)); } },
  },
  reduce: (key, { good }, emit) => { for (const each of good) emit([key, each.length]); },
  output: textTable(),
});
defineJoin({
  name: "keys",
  key: int(),
  inputs: {
    // @ts-expect-error Argument of type 'string' is not assignable to parameter of type 'number'.
    users: { input: users, value: text(), map: (user, emit) => { emit(user.id, user.country); } },
    hits: { input: log, value: int(), map: (hit, emit) => { emit(hit.status, 1); } },
  },
  // @ts-expect-error Property 'others' does not exist on type
  reduce: (_key, { others }, emit) => { for (const n of others) emit([n]); },
  output: textTable(),
});
defineJoin({
  name: "promise",
  inputs: {
    // @ts-expect-error Type 'Promise<void>' is not assignable to type 'NotAPromise'.
    users: { input: users, value: text(), map: async (user, emit) => { emit(user.id, user.country); } },
    hits: { input: log, value: int(), map: (hit, emit) => { emit(hit.host, 1); } },
  },
  reduce: (key, { hits }, emit) => { for (const n of hits) emit([key, n]); },
  output: textTable(),
});
defineJoin({
  name: "rows",
  inputs: {
    users: { input: users, value: text(), map: (user, emit) => { emit(user.id, user.country); } },
    hits: { input: log, value: int(), map: (hit, emit) => { emit(hit.host, 1); } },
  },
  reduce: (_key, sides, emit) => {
    // @ts-expect-error Property 'user' does not exist on type '{ readonly users: string; readonly hits: number; }'. Did you mean 'users'?
    for (const row of innerJoin(sides)) emit([row.user]);
    // @ts-expect-error Argument of type '"hit"' is not assignable to parameter of type '"hits" | "users"'.
    for (const row of leftJoin(sides, "hit")) emit([row.hits]);
  },
  output: textTable(),
});

// ── Must not compile: chains ────────────────────────────────────────────────────────────────────────────────────────

// @ts-expect-error Argument of type 'Job<string, string, {}>' is not assignable to parameter of type 'Job<Pair<string, number>, string, {}>'.
chain(wordCount, grep);
// @ts-expect-error Argument of type 'Job<string, string, {}>' is not assignable to parameter of type
chain(grep, wordCount, grep);
// @ts-expect-error is not assignable to parameter of type 'Job<NoMainOutput, string, {}>'.
chain(split, grep);
// @ts-expect-error is not assignable to parameter of type 'Job<NoMainOutput, string, {}>'.
chain(again, grep);
// @ts-expect-error Argument of type '"path"' is not assignable to parameter of type '"hosts" | "paths"'.
outputOf(split, "path");
// @ts-expect-error Argument of type 'Job<never, { readonly country: string; readonly path: string; }, { readonly unknown: string; }>' is not assignable to parameter of type
chain(grep, joined);
