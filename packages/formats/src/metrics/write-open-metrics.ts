// Writes samples as OpenMetrics 1.0 text.

import { MillraceError, quote } from "@millrace/core";
import type { ByteSink } from "@millrace/data";
import type { OutputFormat, RecordWriter } from "@millrace/sdk/engine";
import { escapeLabel, skipLabelName, skipMetricName } from "./label-places.ts";
import { formatMetricTime, formatMetricValue } from "./metric-number.ts";
import type { MetricExemplar } from "./metric-sample.ts";

/** Suffixes that the samples of a family have, by the family's type. @see OpenMetrics 1.0, "Metric Types". */
const suffixesOf = {
  counter: ["_total", "_created"],
  gauge: [""],
  histogram: ["_bucket", "_count", "_sum", "_created"],
  gaugehistogram: ["_bucket", "_gcount", "_gsum"],
  summary: ["", "_count", "_sum", "_created"],
  info: ["_info"],
  stateset: [""],
  unknown: [""],
} as const satisfies Readonly<Record<string, readonly string[]>>;

/** What a family of metrics measures. */
export type MetricType = keyof typeof suffixesOf;

/** A sample to be written. Samples that were read are such. */
export type MetricPoint = {
  /** Of the sample, with the suffix that its type asks for: `http_requests_total`. */
  readonly name: string;
  /** Written sorted by name; an empty value is no label. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
  /** Whole milliseconds since 1970. */
  readonly time?: number | null;
  /**
   * Type of the family: announced by a `# TYPE` line before its first sample. The samples of a typed family must follow
   * each other, and a family may stand once in a file.
   */
  readonly type?: MetricType;
  readonly exemplar?: MetricExemplar | null;
};

/** Families of typed samples that one file may have: their names are kept, for each may begin once. */
const familiesMax = 1_000_000;
/** Of an exemplar's labels, names and values together (OpenMetrics 1.0, "Exemplars"). */
const exemplarCharactersMax = 128;
const lineFeed = 0x0a;

/** OpenMetrics as an output. */
export const openMetricsOutput: OutputFormat<MetricPoint> = {
  name: "open-metrics",
  extension: "prom",
  createWriter: () => new SampleWriter(),
};

class SampleWriter implements RecordWriter<MetricPoint> {
  readonly #families = new Set<string>();
  #family = "";

  readonly write = (point: MetricPoint, sink: ByteSink): void => {
    if (typeof point !== "object" || (point as unknown) === null)
      throw refused("?", "it is no object", "emit { name, value }");
    checkName(point.name);
    this.#announce(point, sink);
    const labels = labelText(point.name, point.labels ?? {});
    const parts = [`${point.name}${labels} ${valueText(point.name, point.value)}`];
    if (point.time !== undefined && point.time !== null) parts.push(timeText(point.name, point.time));
    if (point.exemplar !== undefined && point.exemplar !== null) parts.push(exemplarText(point.name, point.exemplar));
    sink.writeText(parts.join(" "));
    sink.writeByte(lineFeed);
  };

  readonly finish = (sink: ByteSink): void => {
    sink.writeText("# EOF\n");
  };

  /** Write the `# TYPE` line where a typed family begins. */
  #announce({ name, type }: MetricPoint, sink: ByteSink): void {
    if (type === undefined) {
      this.#family = "";
      return;
    }
    const family = `${type} ${familyOf(name, type)}`;
    if (family === this.#family) return;
    const familyName = family.slice(type.length + 1);
    if (this.#families.has(familyName))
      throw refused(name, `its family ${quote(familyName)} has begun before in this file`, "sort samples by name");
    if (this.#families.size >= familiesMax)
      throw refused(name, `the file has more than ${familiesMax} families`, "use more reducers");
    this.#families.add(familyName);
    this.#family = family;
    sink.writeText(`# TYPE ${familyName} ${type}\n`);
  }
}

/** Name of the family that a sample belongs to. */
function familyOf(name: string, type: MetricType): string {
  if (!Object.hasOwn(suffixesOf, type))
    throw refused(name, `its type is ${quote(type)}`, `use one of ${Object.keys(suffixesOf).join(", ")}`);
  // An empty suffix fits every name: the others are looked for first.
  const suffixes = suffixesOf[type].toSorted((a, b) => b.length - a.length);
  const suffix = suffixes.find((each) => name.endsWith(each) && name.length > each.length);
  if (suffix !== undefined) return name.slice(0, name.length - suffix.length);
  throw refused(name, `it is of a ${type}`, `end its name with ${suffixesOf[type].join(" or ")}`);
}

function checkName(name: unknown): asserts name is string {
  if (typeof name !== "string") throw refused("?", "its name is no text", "emit { name, value }");
  if (name === "" || skipMetricName(name, 0) !== name.length)
    throw refused(name, "a name has letters, digits, _ and : and does not begin with a digit", "mend it");
}

function valueText(name: string, value: unknown): string {
  if (typeof value !== "number") throw refused(name, "its value is no number", "emit one");
  return formatMetricValue(value);
}

function timeText(name: string, time: unknown): string {
  if (typeof time !== "number" || !Number.isSafeInteger(time))
    throw refused(name, `its time is ${String(time)}`, "emit whole milliseconds since 1970, or none");
  return formatMetricTime(time);
}

/** `{a="1"}`, sorted, or nothing. */
function labelText(name: string, labels: Readonly<Record<string, string>>): string {
  if (typeof labels !== "object" || (labels as unknown) === null)
    throw refused(name, "its labels are no object", "emit one");
  const pairs = Object.entries(labels as Readonly<Record<string, unknown>>);
  let text = "";
  for (const [label, value] of pairs.length > 1 ? pairs.toSorted(([a], [b]) => (a < b ? -1 : 1)) : pairs) {
    if (label === "" || skipLabelName(label, 0) !== label.length)
      throw refused(name, `its label ${quote(label)} is no name`, "use letters, digits and _");
    if (typeof value !== "string") throw refused(name, `its label ${quote(label)} is no text`, "emit a string");
    if (!value.isWellFormed())
      throw refused(name, `a lone surrogate in its label ${quote(label)} has no UTF-8`, "emit well-formed text");
    if (value !== "") text += `${text === "" ? "" : ","}${label}="${escapeLabel(value)}"`;
  }
  return text === "" ? "" : `{${text}}`;
}

function exemplarText(name: string, { labels, value, time }: MetricExemplar): string {
  const characters = Object.entries(labels).reduce((sum, [label, text]) => sum + label.length + text.length, 0);
  if (characters > exemplarCharactersMax)
    throw refused(
      name,
      `the labels of its exemplar have ${characters} characters`,
      `use at most ${exemplarCharactersMax}`,
    );
  const labelsWritten = labelText(name, labels);
  const parts = ["#", labelsWritten === "" ? "{}" : labelsWritten, valueText(name, value)];
  if (time !== null) parts.push(timeText(name, time));
  return parts.join(" ");
}

function refused(name: string, reason: string, remedy: string): MillraceError {
  return new MillraceError("E_VALUE_INVALID", `Cannot write the sample ${quote(name)}: ${reason}; ${remedy}`);
}
