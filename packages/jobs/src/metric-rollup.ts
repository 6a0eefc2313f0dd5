// Metrics over windows of time: months of samples as one row a series and window. Shipped as `metric-rollup`. No type
// syntax in a shipped job: its file is run as it stands.

import { jsonLines, openMetrics } from "@millrace/formats";
import { and, atLeast, atMost, choice, defineJob, double, object, pattern, text, time } from "@millrace/sdk";

const metrics = openMetrics();
/** NaN is neither. */
const isFiniteValue = and(atLeast(metrics.value, -Number.MAX_VALUE), atMost(metrics.value, Number.MAX_VALUE));

const newRow = (series = "", window = 0, value = 0) => ({
  series,
  window,
  count: 0,
  sum: 0,
  min: value,
  max: value,
  last: value,
  increase: 0,
});

/**
 * For each series and window of 5 minutes, an hour and a day: count, sum, min, max and last of the samples, and by how
 * much a counter rose. Rows are JSON in folders named after the width of their windows, by series, then by time.
 *
 * A window is [start, start + width), its start a multiple of the width in UTC. `increase` adds up the steps from each
 * sample to the next, a step counting in the window of the later sample: so the last sample before a window is its first
 * point, windows add up (those of 5 minutes to that of the hour), and nothing is extrapolated. A counter that falls has
 * begun anew at 0: the step is the later value itself. The first sample of a series has no step. Metrics that are no
 * counters by their name have no increase (`null`).
 *
 * NaN and infinite values are skipped and counted in `metric-rollup.not-finite`, samples without a time in
 * `metric-rollup.without-time`; of samples of a series with the same time the first of the input is taken, and the
 * others count in `metric-rollup.duplicates`. A sum beyond the range of numbers is `null`.
 */
export default defineJob({
  name: "metric-rollup",
  params: {
    window: choice("all", "5m", "1h", "1d", { default: "all", about: "the width of the windows, or all three" }),
    metric: pattern({ default: "", about: "a JavaScript regular expression: only metrics whose name matches" }),
    counters: text({
      default: "_total,_count,_sum,_bucket",
      about: "endings of names, with commas: metrics whose names end so are counters",
    }),
  },
  setup: ({ params }) => ({
    metric: new RegExp(params.metric, "u"),
    endings: params.counters.split(",").filter((ending) => ending !== ""),
  }),
  input: metrics,
  key: text(),
  value: object({ time: time(), value: double() }),
  orderBy: time(),
  // Other samples, and all where names have to match, go to the map.
  emits: ({ metric }) =>
    metric === ""
      ? {
          where: isFiniteValue,
          key: metrics.series,
          value: { time: metrics.time, value: metrics.value },
          order: metrics.time,
        }
      : undefined,
  map: (sample, emit, { count, state }) => {
    const { time: at, value } = sample;
    if (!state.metric.test(sample.name)) return;
    if (at === null) count("metric-rollup.without-time");
    else if (!Number.isFinite(value)) count("metric-rollup.not-finite");
    else emit(sample.series, { time: at, value }, at);
  },
  reduce: (series, samples, _emit, { count, outputs, params, state }) => {
    const name = series.split("{", 1)[0] ?? "";
    const isCounter = state.endings.some((ending) => name.endsWith(ending));
    const widths = [
      { name: "5m", ms: 300_000, write: outputs["5m"], end: Number.NEGATIVE_INFINITY, row: newRow() },
      { name: "1h", ms: 3_600_000, write: outputs["1h"], end: Number.NEGATIVE_INFINITY, row: newRow() },
      { name: "1d", ms: 86_400_000, write: outputs["1d"], end: Number.NEGATIVE_INFINITY, row: newRow() },
    ].filter((width) => params.window === "all" || params.window === width.name);
    // Without type syntax the defaults say the types.
    const flush = ({ write = outputs["5m"], row = newRow() }) => {
      if (row.count > 0)
        write({ ...row, sum: Number.isFinite(row.sum) ? row.sum : null, increase: isCounter ? row.increase : null });
    };
    let last = { time: Number.NaN, value: 0 };
    for (const sample of samples) {
      if (sample.time === last.time) {
        count("metric-rollup.duplicates");
        continue;
      }
      const { value } = sample;
      const step = Number.isNaN(last.time) ? 0 : value >= last.value ? value - last.value : value;
      last = sample;
      for (const width of widths) {
        // Samples come in the order of time.
        if (sample.time >= width.end) {
          flush(width);
          const window = Math.floor(sample.time / width.ms) * width.ms;
          width.end = window + width.ms;
          width.row = newRow(series, window, value);
        }
        const { row } = width;
        row.count += 1;
        row.sum += value;
        row.min = Math.min(row.min, value);
        row.max = Math.max(row.max, value);
        row.last = value;
        row.increase += step;
      }
    }
    for (const width of widths) flush(width);
  },
  outputs: { "5m": jsonLines(), "1h": jsonLines(), "1d": jsonLines() },
});
