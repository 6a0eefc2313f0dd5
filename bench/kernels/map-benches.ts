// The kernels that maps use: words, lines with a text, columns and states, rows and lines as keys.

import { combinedLog, jsonLines, nginxTimed, teraRecords, textLines, textTable } from "@millrace/formats";
import {
  boolean,
  bytes,
  count,
  defineAggregation,
  defineJob,
  distinct,
  double,
  eachLineAsKey,
  eachPair,
  eachRow,
  eachSortedLine,
  eachWord,
  floorTime,
  int,
  max,
  mean,
  object,
  optional,
  quantile,
  sum,
  text,
  time,
  tuple,
} from "@millrace/sdk";
import {
  accessLog,
  batchesOf,
  distinctWords,
  evenWords,
  jsonObjects,
  metricSamples,
  spellWide,
  teraBatches,
  timedLog,
} from "./batches.ts";
import type { DataOptions, KernelBench } from "./kernel-bench.ts";
import metricRollup from "../../packages/jobs/src/metric-rollup.ts";
import { mapBench } from "./map-bench.ts";

type Lines = Parameters<typeof batchesOf>[0];

/** A bench has so many batches unless its keys ask for more: what one left in the caches is not what the next needs. */
const batchCount = 8;
const manyWords = 800_000;
const distinctBatches = 24;

const of =
  (lines: (seed: number) => Lines, batches = batchCount) =>
  (options: DataOptions) =>
    batchesOf(lines(options.seed), batches, options);

const words = (letters: boolean) =>
  defineJob({ name: "words", input: textLines(), map: eachWord({ letters }), reduce: sum(), output: textTable() });

const wordBenches = [
  mapBench({
    name: "words-few",
    about: "words into the combine table, of which there are 1,000",
    job: words(false),
    batches: of((seed) => evenWords(1000, seed)),
  }),
  mapBench({
    name: "words-many",
    about: "words of which there are 800,000, each as likely",
    job: words(false),
    // So many that nearly each word is in the table when it is measured.
    batches: of((seed) => evenWords(manyWords, seed), distinctBatches),
    findsKeys: true,
  }),
  mapBench({
    name: "words-distinct",
    about: "words that all differ, until they are written",
    job: words(false),
    batches: of(distinctWords, distinctBatches),
    measured: "new-keys",
  }),
  mapBench({
    name: "words-wide",
    about: "words of German, Greek and Chinese letters",
    job: words(false),
    batches: of((seed) => evenWords(20_000, seed, spellWide)),
  }),
  mapBench({
    name: "words-letters",
    about: "runs of letters in an access log",
    job: words(true),
    batches: of(accessLog),
  }),
];

const findBench = mapBench({
  name: "search",
  about: "lines of a log that hold a text, few of them",
  job: defineJob({
    name: "search",
    input: textLines(),
    linesWith: () => '" 503 ',
    map: (line, emit) => {
      if (/" 503 /u.test(line)) emit("found");
    },
    reduce: count(),
    output: textTable(),
  }),
  batches: of(accessLog),
});

const log = combinedLog();
const timed = nginxTimed();
const json = jsonLines(object({ at: time(), service: text(), status: int(), ms: double(), path: text() }));
const output = jsonLines();
const hits = count();

function logBench(name: string, about: string, grouping: object): KernelBench {
  return mapBench({
    name,
    about,
    job: defineAggregation({ name, input: log, aggregations: { grouping: grouping as never } }),
    batches: of(accessLog),
  });
}

const rowBenches = [
  logBench("log-columns", "the status of each line of an access log", {
    groupBy: { status: log.status },
    reduce: { hits },
    output,
  }),
  logBench("log-numbers", "the sum of a number", { groupBy: {}, reduce: { bytes: sum(log.bytes) }, output }),
  logBench("log-times", "times, rounded to minutes", {
    groupBy: { minute: floorTime(log.time, "1m") },
    reduce: { hits },
    output,
  }),
  logBench("log-paths", "a text as key", { groupBy: { path: log.path }, reduce: { bytes: sum(log.bytes) }, output }),
  logBench("states", "quantiles, means, greatest values and numbers of different ones", {
    groupBy: { status: log.status },
    reduce: { p99: quantile(log.bytes, 0.99), mean: mean(log.bytes), most: max(log.bytes), hosts: distinct(log.host) },
    output,
  }),
  mapBench({
    name: "nginx-columns",
    about: "a log with times of requests: their sum by path",
    job: defineAggregation({
      name: "nginx",
      input: timed,
      aggregations: {
        paths: { groupBy: { path: timed.path }, reduce: { time: sum(timed.requestTime) }, output },
      },
    }),
    batches: of(timedLog),
  }),
  mapBench({
    name: "json-columns",
    about: "flat objects of JSON: milliseconds by service and minute",
    job: defineAggregation({
      name: "json",
      input: json,
      aggregations: {
        services: {
          groupBy: { service: json.service, minute: floorTime(json.at, "1m") },
          reduce: { hits, ms: sum(json.ms) },
          output,
        },
      },
    }),
    batches: of(jsonObjects),
  }),
];

const rows = defineJob({
  name: "rows",
  input: teraRecords(),
  key: bytes(),
  value: bytes(),
  map: eachRow(),
  reduce: eachPair(),
  output: teraRecords(),
});
const lines = defineJob({
  name: "lines",
  input: textLines(),
  key: tuple(optional(double()), text()),
  value: boolean(),
  map: eachLineAsKey(),
  reduce: eachSortedLine(),
  output: textLines(),
});

const runBenches = [
  mapBench({
    name: "metric-samples",
    about: "samples of metrics to a run, in the order of series and time",
    job: metricRollup,
    batches: of(metricSamples),
    measured: "run",
  }),
  mapBench({
    name: "sort-rows",
    about: "rows of 100 bytes to a sorted run",
    job: rows,
    batches: (options) => teraBatches(batchCount, options),
    measured: "run",
  }),
  mapBench({
    name: "sort-lines",
    about: "lines of a log to a sorted run",
    job: lines,
    batches: of(accessLog),
    measured: "run",
  }),
  mapBench({
    name: "write-run",
    about: "the table of many words to a sorted run",
    job: words(false),
    batches: of((seed) => evenWords(manyWords, seed), 1),
    measured: "writing",
  }),
  mapBench({
    name: "write-distinct",
    about: "8 MiB of words that all differ to a sorted run",
    job: words(false),
    batches: of(distinctWords),
    measured: "writing",
  }),
];

/** All of them, in the order of the data's way. */
export const mapBenches: readonly KernelBench[] = [findBench, ...wordBenches, ...rowBenches, ...runBenches];
