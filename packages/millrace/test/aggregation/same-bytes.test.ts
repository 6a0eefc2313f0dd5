// A grouping told to defineAggregation and the same one programmed with defineJob give the same bytes.

import {
  chain,
  combinedLog,
  count,
  defineAggregation,
  defineJob,
  distinct,
  double,
  fields,
  floorTime,
  int,
  jsonLines,
  mean,
  object,
  optional,
  quantile,
  records,
  sum,
  text,
  time,
  tuple,
} from "millrace";
import { describe, expect, it } from "vitest";
import { makeHits, seededRandom } from "./log-lines.ts";
import { runToBytes } from "./run-to-bytes.ts";

const log = combinedLog();
const hourMs = 3_600_000;

const told = defineAggregation({
  name: "told",
  input: log,
  aggregations: {
    hours: {
      groupBy: { status: log.status, user: log.user, hour: floorTime(log.time, "1h") },
      reduce: {
        hits: count(),
        bytes: sum(log.bytes),
        mean: mean(log.bytes),
        p90: quantile(log.bytes, 0.9),
        hosts: distinct(log.host),
      },
      output: jsonLines(),
    },
    paths: { groupBy: { path: log.path }, reduce: { hits: count(), bytes: sum(log.bytes) }, output: jsonLines() },
  },
});

const counted = defineJob({
  name: "counted",
  input: log,
  key: tuple(int(), optional(text()), time()),
  map: ({ status, user, time: at, bytes, host }, emit) => {
    emit([status, user, at - (at % hourMs)], { bytes, mean: bytes, p90: bytes, hosts: host });
  },
  reduce: fields({ hits: count(), bytes: sum(), mean: mean(), p90: quantile(double(), 0.9), hosts: distinct(text()) }),
  output: records(
    object({
      key: tuple(int(), optional(text()), time()),
      value: object({ hits: int(), bytes: double(), mean: optional(double()), p90: optional(double()), hosts: int() }),
    }),
  ),
});
const programmed = chain(
  counted,
  defineJob({
    name: "programmed",
    input: records(
      object({
        key: tuple(int(), optional(text()), time()),
        value: object({
          hits: int(),
          bytes: double(),
          mean: optional(double()),
          p90: optional(double()),
          hosts: int(),
        }),
      }),
    ),
    map: ({ key: [status, user, hour], value }, emit) => emit({ status, user, hour, ...value }),
    output: jsonLines(),
  }),
);

describe("a grouping that is told, and one that is programmed", () => {
  it("give the same bytes, whatever map tasks there are", () => {
    const lines = makeHits(5_000, seededRandom(7)).map(({ line }) => line);
    const tasks = [
      [lines],
      [lines.slice(0, 1_000), [], lines.slice(1_000)],
      Array.from({ length: 50 }, (_, at) => lines.slice(at * 100, at * 100 + 100)),
    ];
    const outputs = tasks.map((each) => [runToBytes(told, each)["hours"], runToBytes(programmed, each)[""]]);
    const [first] = outputs;
    expect(first?.[0]?.split("\n").length).toBeGreaterThan(2_000);
    for (const [one, other] of outputs) {
      expect(one).toBe(first?.[0]);
      expect(other).toBe(first?.[0]);
    }
  });

  it("give no bytes of no records", () => {
    expect(runToBytes(told, [[]])).toEqual({ hours: "", paths: "" });
  });
});
