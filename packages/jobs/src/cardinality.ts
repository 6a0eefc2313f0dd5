// How many series metrics and labels make. Shipped as `cardinality`. No type syntax in a shipped job: its file is run as
// it stands.

import { jsonLines, openMetrics } from "@millrace/formats";
import {
  chain,
  count,
  defineJob,
  distinct,
  fields,
  int,
  object,
  pattern,
  records,
  sum,
  text,
  tuple,
} from "@millrace/sdk";

const seriesCounts = records(object({ key: text(), value: int() }));

/** Each series once, with how many samples it has. */
const series = defineJob({
  name: "cardinality-series",
  params: {
    metric: pattern({ default: "", about: "a JavaScript regular expression: only metrics whose name matches" }),
  },
  setup: ({ params }) => new RegExp(params.metric, "u"),
  input: openMetrics(),
  map: (sample, emit, { state }) => {
    if (state.test(sample.name)) emit(sample.series);
  },
  reduce: count(),
  output: seriesCounts,
});

// Only behind a brace or a comma: else a long name without labels is looked through from each of its characters on.
const label = /(?<=[{,])([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"/gu;
const groups = records(
  object({ key: tuple(text(), text()), value: object({ series: int(), samples: int(), values: int() }) }),
);

/** Groups of kind and name. Metrics have no values, which are skipped. */
const counted = defineJob({
  name: "cardinality-counts",
  input: seriesCounts,
  key: tuple(text(), text()),
  map: ({ key, value: samples }, emit) => {
    emit(["metric", key.split("{", 1)[0] ?? ""], { samples, values: null });
    for (const [, name = "", written = ""] of key.matchAll(label)) emit(["label", name], { samples, values: written });
  },
  reduce: fields({ series: count(), samples: sum(int()), values: distinct(text()) }),
  output: groups,
});

/**
 * Count the series and samples of each metric (`metrics`), and for each label the series that have it, its different
 * values and their samples (`labels`). Series are exact; values are exact while few, then within about 1 %, see
 * `distinct`. A label with many values on many series is what makes a metrics store large.
 */
const written = defineJob({
  name: "cardinality",
  input: groups,
  map: ({ key: [kind, name], value: { series: count, samples, values } }, _emit, { outputs }) => {
    if (kind === "metric") outputs.metrics({ metric: name, series: count, samples });
    else outputs.labels({ label: name, series: count, values, samples });
  },
  outputs: { metrics: jsonLines(), labels: jsonLines() },
});

export default chain(series, counted, written);
