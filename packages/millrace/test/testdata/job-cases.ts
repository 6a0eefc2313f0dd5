// What an author's job infers, and what it refuses before anything runs. Checked by the compiler, never run.
//
// `is<Equal<typeof x, T>>()` stands for the hover of x. Text after `@ts-expect-error` is a part of the compiler's message
// on the next line: author-types.test.ts strips the directives and compares, so that a line does not fail for some other
// reason.
/* oxlint-disable typescript/no-unnecessary-type-parameters */

import type {
  Aggregator,
  Batch,
  Codec,
  CombinedLogRecord,
  Emit,
  EmitBytes,
  Input,
  Job,
  KeyCodec,
  MapContext,
  NoMainOutput,
  NoSetupBeforeMap,
  OrderedEmit,
  Pair,
  Values,
  Weighted,
  Write,
} from "millrace";
import {
  boolean,
  choice,
  combinedLog,
  count,
  csv,
  defineJob,
  distinct,
  double,
  fields,
  int,
  integer,
  json,
  jsonLines,
  list,
  max,
  mean,
  object,
  optional,
  quantile,
  sampledRanges,
  set,
  sum,
  testJob,
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

// ── Compiles: what a job infers ─────────────────────────────────────────────────────────────────────────────────────

// Key defaults to text; the value comes from the aggregator; nothing is annotated.
export const wordCount = defineJob({
  name: "word-count",
  input: textLines(),
  map: (line, emit, context) => {
    is<Equal<typeof line, string>>();
    is<Equal<typeof emit, Emit<string, number>>>();
    is<Equal<typeof context, MapContext<{}, NoSetupBeforeMap, {}>>>();
    for (const word of line.split(/\s+/u)) if (word !== "") emit(word, 1);
  },
  reduce: sum(),
  output: textTable(),
});
is<Equal<typeof wordCount, Job<string, Pair<string, number>, {}>>>();

// Whole batches: keys may be slices of them where they are texts or bytes.
export const byBatch = defineJob({
  name: "by-batch",
  params: { least: integer() },
  setup: () => ({ seen: 0 }),
  input: textLines(),
  mapBatch: (batch, emit, context) => {
    is<Equal<typeof batch, Batch>>();
    is<Equal<typeof emit.bytes, EmitBytes<number>["bytes"]>>();
    emit.bytes(0, context.params.least, context.state.seen);
    emit(batch.text(0, 1), batch.count);
  },
  reduce: sum(),
  output: textTable(),
});
is<Equal<typeof byBatch, Job<string, Pair<string, number>, {}>>>();
defineJob({ name: "batch without reduce", input: textLines(), mapBatch: (_batch, emit) => { is<Equal<typeof emit, Write<string>>>(); }, output: textLines() });
defineJob({ name: "batch with an order", input: textLines(), value: int(), orderBy: double(), mapBatch: (_batch, emit) => { emit.bytes(0, 1, 2, 0.5); }, reduce: () => undefined, output: textLines() });
defineJob({ name: "batch that counts", input: textLines(), mapBatch: (_batch, emit) => { emit.bytes(0, 1); }, reduce: count(), output: textTable() });

// Everything at once: parameters, state, composite key, object value, combine, function reduce, named outputs.
export const everything = defineJob({
  name: "everything",
  params: {
    pattern: text({ default: ".*", about: "what to look for" }),
    top: integer({ min: 1 }),
    mode: choice("fast", "exact", { default: "fast" }),
    verbose: boolean(),
    share: double({ max: 1 }),
    since: time({ default: "2026-01-01" }),
  },
  setup: async (context) => ({ regex: new RegExp(context.params.pattern), top: context.params.top }),
  input: log,
  key: tuple(text(), int()),
  value: object({ ms: int(), tags: list(text()) }),
  map: (hit, emit, context) => {
    is<Equal<typeof hit, CombinedLogRecord>>();
    is<Equal<typeof emit, Emit<readonly [string, number], { readonly ms: number; readonly tags: readonly string[] }>>>();
    is<Equal<typeof context.params, { readonly pattern: string; readonly top: number; readonly mode: "fast" | "exact"; readonly verbose: boolean; readonly share: number; readonly since: number }>>();
    is<Equal<typeof context.state, { regex: RegExp; top: number }>>();
    is<Equal<typeof context.outputs, { readonly errors: Write<string>; readonly odd: Write<{ readonly id: string }> }>>();
    if (hit.bytes === null) context.outputs.odd({ id: hit.host });
    if (context.state.regex.test(hit.path)) emit([hit.path, hit.status], { ms: hit.time, tags: [context.split.uri] });
    else context.count("no match");
  },
  combine: (key, values, emit) => {
    is<Equal<typeof key, readonly [string, number]>>();
    for (const value of values) emit({ ms: value.ms, tags: [] });
  },
  reduce: (key, values, emit, context) => {
    is<Equal<typeof key, readonly [string, number]>>();
    is<Equal<typeof values, Values<{ readonly ms: number; readonly tags: readonly string[] }>>>();
    is<Equal<typeof emit, Write<{ readonly path: string; readonly total: number }>>>();
    is<Equal<typeof context.params.top, number>>();
    is<Equal<typeof context.state.regex, RegExp>>();
    context.outputs.errors(`${key[0]} ${String(context.file("names.txt").length)}`);
    let total = 0;
    for (const { ms } of values) total += ms;
    emit({ path: key[0], total });
  },
  output: jsonLines(object({ path: text(), total: int() })),
  outputs: { errors: textLines(), odd: jsonLines(object({ id: text() })) },
});
is<Equal<typeof everything, Job<CombinedLogRecord, { readonly path: string; readonly total: number }, { readonly errors: string; readonly odd: { readonly id: string } }>>>();

// Map-only: `emit` takes a record of the output.
export const grep = defineJob({
  name: "grep-lines",
  params: { pattern: text() },
  setup: ({ params }) => new RegExp(params.pattern),
  input: textLines(),
  map: (line, emit, context) => {
    is<Equal<typeof emit, Write<string>>>();
    if (context.state.test(line)) emit(line);
  },
  output: textLines(),
});
is<Equal<typeof grep, Job<string, string, {}>>>();

// Named outputs alone: the job has no main output.
export const split = defineJob({
  name: "split",
  input: log,
  map: (hit, _emit, context) => { if (hit.status < 500) context.outputs.good({ path: hit.path }); else context.outputs.bad(hit.path); },
  outputs: { good: jsonLines(object({ path: text() })), bad: textLines() },
});
is<Equal<typeof split, Job<CombinedLogRecord, NoMainOutput, { readonly good: { readonly path: string }; readonly bad: string }>>>();

// Secondary sort; total order; an own partitioner, which takes the key; reduce tasks that the job needs.
export const sessions = defineJob({
  name: "sessions",
  input: log,
  value: text(),
  orderBy: time(),
  map: (hit, emit) => {
    is<Equal<typeof emit, OrderedEmit<string, string, number>>>();
    emit(hit.host, hit.path, hit.time);
  },
  reduce: (host, paths, emit) => { for (const path of paths) emit({ host, path }); },
  output: jsonLines<{ host: string; path: string }>(),
});
defineJob({ name: "ranges", input: textLines(), map: (line, emit) => { emit(line); }, reduce: count(), partition: sampledRanges(), output: textTable() });
defineJob({
  name: "partitioner",
  input: users,
  key: tuple(text(), int()),
  map: (user, emit) => {
    is<Equal<typeof user, { readonly id: string; readonly country: string; readonly age: number | null; readonly since: number }>>();
    emit([user.country, user.age ?? 0]);
  },
  reduce: count(),
  reduces: 3,
  partition: (key, partitions) => {
    is<Equal<typeof key, readonly [string, number]>>();
    return key[1] % partitions;
  },
  output: textTable(),
});

// Tests know the records of each output.
export const tested = await testJob(everything, { input: ["a b", "b"] });
is<Equal<typeof tested.records, readonly { readonly path: string; readonly total: number }[]>>();
is<Equal<typeof tested.outputs.errors, readonly string[]>>();

// Several aggregators over one key: values may be missing, and what has no result of nothing may be null.
export const several = defineJob({
  name: "several",
  input: log,
  key: object({ status: int(), minute: time() }),
  map: (hit, emit) => {
    is<Equal<Parameters<typeof emit>[1], { readonly hits?: void | null; readonly bytes?: number | null; readonly p99?: number | null; readonly hosts?: string | null; readonly last?: number | null }>>();
    emit({ status: hit.status, minute: hit.time }, { bytes: hit.bytes, p99: hit.bytes, hosts: hit.host, last: hit.time });
  },
  reduce: fields({ hits: count(), bytes: sum(), p99: quantile(int(), 0.99), hosts: distinct(text()), last: max(time()) }),
  output: jsonLines(),
});
is<
  Equal<
    typeof several,
    Job<CombinedLogRecord, Pair<{ readonly status: number; readonly minute: number }, { readonly hits: number; readonly bytes: number; readonly p99: number | null; readonly hosts: number; readonly last: number | null }>, {}>
  >
>();

// An object as key; an aggregator without a value; results of each aggregator.
defineJob({ name: "a", input: log, key: object({ host: text(), status: int() }), map: ({ host, status }, emit) => { emit({ host, status }); }, reduce: count(), output: textTable() });
defineJob({ name: "b", input: textLines(), map: (line, emit) => emit(line), reduce: count(), output: textTable() });
defineJob({ name: "max", input: log, map: (hit, emit) => { emit(hit.host, hit.time); }, reduce: max(time()), output: textTable() });
defineJob({ name: "mean", input: log, map: (hit, emit) => { emit(hit.host, hit.bytes ?? 0); }, reduce: mean(), output: textTable() });
const top = defineJob({ name: "top", input: log, map: (hit, emit) => { emit(hit.host, { item: hit.path, weight: hit.bytes ?? 0 }); }, reduce: topK(10, text()), output: jsonLines() });
is<Equal<typeof top, Job<CombinedLogRecord, Pair<string, readonly Weighted<string>[]>, {}>>>();
defineJob({ name: "optional", input: log, key: optional(text()), map: (hit, emit) => { emit(hit.user); }, reduce: count(), output: textTable() });
defineJob({ name: "set", input: log, map: (hit, emit) => { emit(hit.host, hit.path); }, reduce: set(text()), output: jsonLines() });
defineJob({ name: "json", input: jsonLines<{ id: string; tags: string[] }>(), value: json<string[]>(), map: (row, emit) => { emit(row.id, row.tags); }, reduce: (id, values, emit) => { for (const tags of values) emit([id, ...tags]); }, output: textTable() });
defineJob({ name: "all columns", input: log, map: (hit, emit) => { emit(hit); }, output: jsonLines() });

// Ways people write: expression bodies, method shorthand, any order of properties, functions from elsewhere, spread.
defineJob({ name: "c", input: textLines(), map: (line, emit) => line.split(" ").forEach((word) => emit(word, 1)), reduce: sum(), output: textTable() });
defineJob({ name: "d", input: textLines(), map: (line, emit) => line !== "" && emit(line, 1), reduce: sum(), output: textTable() });
defineJob({ name: "e", input: textLines(), map: (line, emit) => line.split(" ").map((word) => emit(word, 1)), reduce: sum(), output: textTable() });
defineJob({ name: "f", input: textLines(), value: int(), map(line, emit) { emit(line, 1); }, reduce(key, values, emit) { for (const n of values) emit([key, n]); }, output: textTable() });
defineJob({ reduce: (key, values, emit) => { for (const n of values) emit([key, n.toFixed()]); }, map: (line, emit) => { emit(line, 1); }, output: textTable(), value: int(), input: textLines(), name: "g" });
defineJob({ name: "h", input: textLines(), map: (line, emit, context) => { emit(line, context.state.n); }, setup: () => ({ n: 1 }), reduce: sum(), output: textTable() });
const mapLine = (line: string, emit: Emit<string, number>): void => { emit(line, 1); };
defineJob({ name: "i", input: textLines(), map: mapLine, reduce: sum(), output: textTable() });
const shared = { params: { n: int() }, output: textTable() };
defineJob({ ...shared, name: "j", input: textLines(), map: (line, emit, context) => { emit(line, context.params.n); }, reduce: sum() });

// Makers of jobs, generic themselves.
const countBy = <R, K>(input: Input<R>, key: KeyCodec<K>, of: (record: R) => K) =>
  defineJob({ name: "count-by", input, key, map: (record, emit) => { emit(of(record), 1); }, reduce: sum(), output: jsonLines<Pair<K, number>>() });
const byLength = countBy(textLines(), int(), (line) => line.length);
is<Equal<typeof byLength, Job<string, Pair<number, number>, {}>>>();
export const listBy = <R, V>(input: Input<R>, value: Codec<V>, of: (record: R) => V) =>
  defineJob({ name: "list-by", input, value, map: (record, emit) => { emit("", of(record)); }, reduce: (_key, values, emit) => { for (const item of values) emit(item); }, output: jsonLines<V>() });
export const aggregate = <V, A>(reduce: Aggregator<V, A>, of: (line: string) => V) =>
  defineJob({ name: "aggregate", input: textLines(), map: (line, emit) => { emit("", of(line)); }, reduce, output: jsonLines<Pair<string, A>>() });

// ── Must not compile: pairs and records ─────────────────────────────────────────────────────────────────────────────

// @ts-expect-error Argument of type 'string' is not assignable to parameter of type 'number'.
defineJob({ name: "value", input: textLines(), map: (line, emit) => { emit(line, "1"); }, reduce: sum(), output: textTable() });
// @ts-expect-error Argument of type 'number' is not assignable to parameter of type 'string'.
defineJob({ name: "key", input: textLines(), map: (line, emit) => { emit(line.length, 1); }, reduce: sum(), output: textTable() });
// @ts-expect-error Type 'string' is not assignable to type 'number'.
defineJob({ name: "tuple", input: log, key: tuple(text(), int()), map: (hit, emit) => { emit([hit.host, hit.path], 1); }, reduce: sum(), output: textTable() });
// @ts-expect-error 'statuss' does not exist in type '{ readonly status: number; }'. Did you mean to write 'status'?
defineJob({ name: "object", input: log, key: object({ status: int() }), map: (hit, emit) => { emit({ statuss: hit.status }, 1); }, reduce: sum(), output: textTable() });
// @ts-expect-error Property 'bites' does not exist on type 'CombinedLogRecord'. Did you mean 'bytes'?
defineJob({ name: "column", input: log, map: (hit, emit) => { emit(hit.host, hit.bites); }, reduce: sum(), output: textTable() });
// @ts-expect-error Argument of type 'number | null' is not assignable to parameter of type 'number'.
defineJob({ name: "missing value", input: log, map: (hit, emit) => { emit(hit.host, hit.bytes); }, reduce: sum(), output: textTable() });
// @ts-expect-error is missing the following properties from type 'KeyCodec<string[], unknown>': preservesOrder
defineJob({ name: "no order", input: textLines(), key: json<string[]>(), map: (line, emit) => { emit([line]); }, reduce: count(), output: textTable() });
// @ts-expect-error 'totl' does not exist in type '{ total: number; }'. Did you mean to write 'total'?
defineJob({ name: "record", input: textLines(), value: int(), map: (line, emit) => { emit(line, 1); }, reduce: (_key, _values, emit) => { emit({ totl: 1 }); }, output: jsonLines<{ total: number }>() });
// @ts-expect-error Type 'Pair<string, number>' is not assignable to type 'string'.
defineJob({ name: "output", input: textLines(), map: (line, emit) => { emit(line, 1); }, reduce: sum(), output: textLines() });
// @ts-expect-error is not assignable to type 'TableRecord'.
defineJob({ name: "rows of items", input: log, map: (hit, emit) => { emit(hit.host, { item: hit.path, weight: 1 }); }, reduce: topK(3, text()), output: textTable() });
// @ts-expect-error Expected 1 arguments, but got 2.
defineJob({ name: "map only", input: textLines(), map: (line, emit) => { emit(line, 1); }, output: textLines() });
// @ts-expect-error Expected 2 arguments, but got 1.
defineJob({ name: "no value", input: textLines(), map: (line, emit) => { emit(line); }, reduce: sum(), output: textTable() });
// @ts-expect-error Expected 3 arguments, but got 2.
defineJob({ name: "order", input: log, value: text(), orderBy: time(), map: (hit, emit) => { emit(hit.host, hit.path); }, reduce: (host, paths, emit) => { for (const path of paths) emit({ host, path }); }, output: textTable() });
// An annotation does not decide a type: the codecs do.
// @ts-expect-error Type 'number' is not assignable to type 'string'.
defineJob({ name: "annotated", input: textLines(), map: (_line: string, emit: Emit<number, number>) => { emit(1, 1); }, reduce: sum(), output: textTable() });
// @ts-expect-error 'byte' does not exist in type
defineJob({ name: "fields", input: log, map: (hit, emit) => { emit(hit.host, { byte: hit.bytes }); }, reduce: fields({ bytes: sum() }), output: jsonLines() });
// @ts-expect-error Type 'string' is not assignable to type 'number'.
defineJob({ name: "field", input: log, map: (hit, emit) => { emit(hit.host, { bytes: hit.host }); }, reduce: fields({ bytes: sum() }), output: jsonLines() });

// ── Must not compile: the definition ────────────────────────────────────────────────────────────────────────────────

defineJob({
  name: "no value codec",
  input: textLines(),
  map: (line, emit) => { emit(line, 1); },
  // @ts-expect-error is not assignable to type '"A reduce function needs `value: <codec>` beside it"'.
  reduce: (key, values, emit) => {
    for (const n of values) emit([key, n]);
  },
  output: textTable(),
});
defineJob({
  name: "misspelt",
  input: textLines(),
  map: (line, emit) => { emit(line, 1); },
  // @ts-expect-error 'reducer' does not exist in type
  reducer: sum(),
  output: textTable(),
});
defineJob({
  name: "setup after map",
  input: textLines(),
  // @ts-expect-error Property 'regex' does not exist on type 'NoSetupBeforeMap'.
  map: (line, emit, context) => { if (context.state.regex.test(line)) emit(line, 1); },
  // @ts-expect-error is not assignable to type '(context: SetupContext<{}>) => NoSetupBeforeMap | Promise<NoSetupBeforeMap>'.
  setup: (context) => ({ regex: new RegExp(String(context.random())) }),
  reduce: sum(),
  output: textTable(),
});
// @ts-expect-error Property 'map' is missing
defineJob({ name: "no map", input: textLines(), reduce: sum(), output: textTable() });
// @ts-expect-error Give `map` or `mapBatch`, not both
defineJob({ name: "both maps", input: textLines(), map: (line, emit) => { emit(line, 1); }, mapBatch: () => undefined, reduce: sum(), output: textTable() });
// @ts-expect-error Property 'bytes' does not exist
defineJob({ name: "slices of ints", input: textLines(), key: int(), mapBatch: (_batch, emit) => { emit.bytes(0, 1, 1); }, reduce: sum(), output: textTable() });
// @ts-expect-error Property 'output' is missing
defineJob({ name: "no output", input: textLines(), map: (line, emit) => { emit(line, 1); }, reduce: sum() });
// @ts-expect-error Property 'patern' does not exist on type '{ readonly pattern: string; }'. Did you mean 'pattern'?
defineJob({ name: "params", params: { pattern: text() }, input: textLines(), map: (line, emit, context) => { emit(line + context.params.patern); }, output: textLines() });
// @ts-expect-error Type 'number' is not assignable to type 'Param<unknown>'.
defineJob({ name: "params", params: { top: 10 }, input: textLines(), map: (line, emit) => { emit(line); }, output: textLines() });
// @ts-expect-error Property 'eror' does not exist on type '{ readonly error: Write<string>; }'. Did you mean 'error'?
defineJob({ name: "outputs", input: textLines(), map: (line, emit, context) => { context.outputs.eror(line); }, outputs: { error: textLines() } });
// @ts-expect-error Argument of type 'number' is not assignable to parameter of type 'string'.
defineJob({ name: "outputs", input: textLines(), map: (line, emit, context) => { context.outputs.error(line.length); }, outputs: { error: textLines() } });
// @ts-expect-error Argument of type 'string' is not assignable to parameter of type 'NoMainOutput'.
defineJob({ name: "no main output", input: textLines(), map: (line, emit) => { emit(line); }, outputs: { error: textLines() } });
// @ts-expect-error Property 'error' does not exist on type 'NoOutputsInCombine'.
defineJob({ name: "outputs", input: textLines(), value: int(), map: (line, emit) => { emit(line, 1); }, combine: (_key, _values, _emit, context) => { context.outputs.error("x"); }, reduce: (key, _values, emit) => { emit(key); }, output: textLines(), outputs: { error: textLines() } });
// @ts-expect-error Type 'string' is not assignable to type 'number'.
defineJob({ name: "partitioner", input: textLines(), map: (line, emit) => { emit(line); }, reduce: count(), partition: (key) => key, output: textTable() });
// @ts-expect-error Type 'ColumnAggregator<number, Expr<"number", null>>' is not assignable to type
defineJob({ name: "column", input: log, map: (hit, emit) => { emit(hit.host, 1); }, reduce: sum(log.bytes), output: textTable() });
// @ts-expect-error Type 'string' is not assignable to type 'number'.
defineJob({ name: "two values", input: textLines(), value: text(), map: (line, emit) => { emit(line, line); }, reduce: sum(), output: textTable() });
// An output of pairs does not make a reduce function an aggregator.
defineJob({ name: "pairs", input: textLines(), value: int(), map: (line, emit) => { emit(line, 1); }, reduce: (key, values, emit) => { for (const value of values) emit({ key, value }); }, output: jsonLines(object({ key: text(), value: int() })) });
// What an aggregator brings by itself, or does not have.
// @ts-expect-error An aggregator brings its own value: leave `value` out
defineJob({ name: "value", input: textLines(), value: double(), map: (line, emit) => { emit(line, 1); }, reduce: sum(), output: textTable() });
// @ts-expect-error An aggregator's result has no order of values: leave `orderBy` out
defineJob({ name: "order", input: textLines(), orderBy: int(), map: (line, emit) => { emit(line, 1, 1); }, reduce: sum(), output: textTable() });
// @ts-expect-error An aggregator combines by itself: leave `combine` out
defineJob({ name: "combine", input: textLines(), map: (line, emit) => { emit(line, 1); }, combine: (_key, _values, emit) => { emit(1); }, reduce: sum(), output: textTable() });
// @ts-expect-error 'minimum' does not exist in type 'NumberOptions'.
integer({ minimum: 1 });
// @ts-expect-error Type '"quick"' is not assignable to type '"exact" | "fast" | undefined'.
choice("fast", "exact", { default: "quick" });

// ── Must not compile: promises and generators ───────────────────────────────────────────────────────────────────────

// @ts-expect-error Type 'Promise<void>' is not assignable to type 'NotAPromise'.
defineJob({ name: "async map", input: textLines(), map: async (line, emit) => { emit(line, 1); }, reduce: sum(), output: textTable() });
// @ts-expect-error Type 'Promise<void>' is not assignable to type 'NotAPromise'.
defineJob({ name: "promise", input: textLines(), map: (line, emit) => Promise.resolve(emit(line, 1)), reduce: sum(), output: textTable() });
// @ts-expect-error Type 'Promise<void>' is not assignable to type 'NotAPromise'.
defineJob({ name: "async reduce", input: textLines(), value: int(), map: (line, emit) => { emit(line, 1); }, reduce: async (key, _values, emit) => { emit([key]); }, output: textTable() });
// @ts-expect-error "User functions are not generators: call `emit`"
defineJob({ name: "generator", input: textLines(), map: function* (line) { yield line; }, reduce: sum(), output: textTable() });
