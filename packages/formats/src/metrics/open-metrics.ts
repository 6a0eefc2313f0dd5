// Samples of metrics, in and out: Prometheus text format 0.0.4 and OpenMetrics 1.0.

import { MillraceError, quote } from "@millrace/core";
import type { KeyCodec } from "@millrace/data";
import { type Output, type Table, double, optional, text, time } from "@millrace/sdk";
import {
  type InputFormat,
  type RecordReader,
  badRecord,
  createOutput,
  createTable,
  noRecord,
} from "@millrace/sdk/engine";
import { TextDecoderOfRecords } from "../text/decode-text.ts";
import { skipLabelName } from "./label-places.ts";
import type { TimestampUnit } from "./metric-number.ts";
import { checkMetricOptions } from "./metric-options.ts";
import { LineSample, type MetricSample } from "./metric-sample.ts";
import { SampleParser } from "./parse-sample.ts";
import { type MetricPoint, openMetricsOutput } from "./write-open-metrics.ts";

/** Options of {@link openMetrics}. */
export interface OpenMetricsOptions<L extends string> {
  /**
   * How times are written: Prometheus text has whole milliseconds, OpenMetrics seconds with decimals. A line does not say
   * which it is, so without this option its number decides: with a point or an exponent, or below 100,000,000,000, it is
   * seconds (until the year 5138), else milliseconds (from 1973 on). Of reading only; seconds are written.
   */
  readonly timestamps?: "milliseconds" | "seconds";
  /** Labels that shall be columns, and properties of the records: `null` where a series does not have it. */
  readonly labels?: readonly L[];
}

/** The columns of samples. */
export type MetricColumns = {
  readonly name: KeyCodec<string, "text">;
  readonly series: KeyCodec<string, "text">;
  readonly value: KeyCodec<number, "double">;
  readonly time: KeyCodec<number | null, { readonly optional: "time" }>;
};

type LabelColumns<L extends string> = { readonly [N in L]: KeyCodec<string | null, { readonly optional: "text" }> };
type LabelValues<L extends string> = { readonly [N in L]: string | null };

/**
 * Read and write samples of metrics: Prometheus text format 0.0.4 and OpenMetrics 1.0, told apart by nothing, as a line
 * stands for itself. Comments, `# HELP`, `# TYPE`, `# UNIT`, `# EOF` and empty lines are no records. Blanks and tabs may
 * stand between any two parts, a comma after the last label; `\\`, `\"` and `\n` in values are undone. A value is
 * what Go's `ParseFloat` takes in decimal, `NaN` and `±Inf` included. A label that stands twice, a series without a value
 * or a text that goes on makes a bad record.
 *
 * Written is OpenMetrics with times in seconds and `# EOF` at the end; a record with a `type` gets a `# TYPE` line where
 * its family begins. Records of a family must then follow each other: group by name, or sort by it. See
 * {@link MetricPoint}.
 *
 * @throws {MillraceError} E_JOB_INVALID for a label of `labels` that is no label name, stands twice, or is named as a
 * property of samples; and for options that there are not.
 * @see Prometheus, "Exposition formats"; OpenMetrics 1.0.
 * @example
 * ```ts
 * input: openMetrics(),
 * map: (sample, emit) => emit(sample.label("job") ?? "", sample.value),
 * reduce: sum(),
 * ```
 */
export function openMetrics<const L extends string = never>(
  options: OpenMetricsOptions<L> = {},
): Table<MetricColumns & LabelColumns<L>, MetricSample & LabelValues<L>> & Output<MetricPoint> {
  checkMetricOptions("openMetrics", options, {
    lists: ["labels"],
    word: "timestamps",
    words: ["milliseconds", "seconds"],
  });
  const labels = checkedLabels(options.labels ?? []);
  const columns = Object.fromEntries<KeyCodec<string | null, { readonly optional: "text" }>>(
    labels.map((label) => [label, optional(text())]),
  ) as LabelColumns<L>;
  const table = createTable(createInputFormat(options.timestamps ?? "detect", labels), {
    name: text(),
    series: text(),
    value: double(),
    time: optional(time()),
    ...columns,
  });
  return Object.assign(table, createOutput(openMetricsOutput)) as unknown as ReturnType<typeof openMetrics<L>>;
}

const reserved = new Set(["name", "series", "labels", "value", "time", "exemplar", "label", "toJSON", "constructor"]);

function checkedLabels<L extends string>(labels: readonly L[]): readonly L[] {
  const refuse = (label: string, reason: string): never => {
    throw new MillraceError("E_JOB_INVALID", `Cannot make a column of the label ${quote(label)}: ${reason}`);
  };
  for (const [index, label] of labels.entries()) {
    if (label === "" || skipLabelName(label, 0) !== label.length || label === "__proto__")
      refuse(label, "it is no name of a label; use letters, digits and _");
    if (reserved.has(label))
      refuse(label, `samples have a property of this name; read it by label(${JSON.stringify(label)})`);
    if (labels.indexOf(label) !== index) refuse(label, "it stands twice; name it once");
  }
  return labels;
}

function createInputFormat(unit: TimestampUnit, labels: readonly string[]): InputFormat<LineSample> {
  const Sample = withLabels(labels);
  return {
    name: "open-metrics",
    splitting: "delimiter",
    framing: { kind: "delimited", delimiter: "line" },
    layout: { kind: "metrics", timestamps: unit, labels },
    createReader: ({ count }): RecordReader<LineSample> => {
      const decoder = new TextDecoderOfRecords(count);
      const parser = new SampleParser(unit);
      let reason: string | undefined = "";
      return {
        read: (bytes, begin, end) => {
          if (begin === end) return noRecord;
          const line = decoder.decode(bytes, begin, end);
          reason = parser.parse(line);
          if (reason === "") return new Sample(line, parser.fields);
          return reason === undefined ? noRecord : badRecord;
        },
        reason: () => reason ?? "",
      };
    },
  };
}

/** The class of samples that have these labels as properties. */
function withLabels(labels: readonly string[]): typeof LineSample {
  if (labels.length === 0) return LineSample;
  const Sample = class extends LineSample {};
  for (const label of labels) {
    Object.defineProperty(Sample.prototype, label, {
      enumerable: true,
      get(this: LineSample) {
        return this.label(label);
      },
    });
  }
  return Sample;
}
