// A sample as jobs see it: a view of its line.

import { canonicalLabels, eachLabel, findLabel, unescapeLabel } from "./label-places.ts";
import { formatMetricValue } from "./metric-number.ts";
import type { SampleFields } from "./parse-sample.ts";

/** An observation that an exporter shows for a sample, such as the trace of a slow request. */
export type MetricExemplar = {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Milliseconds since 1970; `null` without a time. */
  readonly time: number | null;
};

/**
 * One sample, a view of its line: what is read costs something, what is not does not. Read by name (`sample.value`); a
 * spread copies nothing.
 */
export type MetricSample = {
  /** Such as `http_requests_total`. */
  readonly name: string;
  /**
   * The name and the labels in the one way that stands for the series: labels sorted by name, none without a value, no
   * blanks: `http_requests_total{code="200",method="GET"}`. Equal series have equal texts.
   */
  readonly series: string;
  /** Labels by name, in their sorted order; none is empty. */
  readonly labels: Readonly<Record<string, string>>;
  /** May be NaN or infinite. */
  readonly value: number;
  /** Milliseconds since 1970; `null` without a time. */
  readonly time: number | null;
  readonly exemplar: MetricExemplar | null;
  /** The value of a label; `null` when it is absent or empty, which mean the same. */
  readonly label: (name: string) => string | null;
};

/** A line and the places of its parts. Keeps the line alone, never the chunk it came from. */
export class LineSample {
  readonly value: number;
  readonly time: number | null;
  readonly #line: string;
  readonly #nameBegin: number;
  readonly #nameEnd: number;
  readonly #labelsBegin: number;
  /** -1 when the series is not written in its canonical way. */
  readonly #seriesEnd: number;
  readonly #exemplarBegin: number;
  readonly #exemplarValue: number;
  readonly #exemplarTime: number;

  constructor(line: string, fields: SampleFields) {
    this.#line = line;
    this.value = fields.value;
    this.time = orNull(fields.time);
    this.#nameBegin = fields.nameBegin;
    this.#nameEnd = fields.nameEnd;
    this.#labelsBegin = fields.labelsBegin;
    this.#seriesEnd = fields.canonical ? fields.seriesEnd : -1;
    this.#exemplarBegin = fields.exemplarBegin;
    this.#exemplarValue = fields.exemplarValue;
    this.#exemplarTime = fields.exemplarTime;
  }

  get name(): string {
    return this.#line.slice(this.#nameBegin, this.#nameEnd);
  }

  get series(): string {
    if (this.#seriesEnd >= 0) return this.#line.slice(this.#nameBegin, this.#seriesEnd);
    return this.name + canonicalLabels(Object.entries(this.labels));
  }

  get labels(): Readonly<Record<string, string>> {
    return labelsAt(this.#line, this.#labelsBegin);
  }

  get exemplar(): MetricExemplar | null {
    if (this.#exemplarBegin < 0) return null;
    return {
      labels: labelsAt(this.#line, this.#exemplarBegin),
      value: this.#exemplarValue,
      time: orNull(this.#exemplarTime),
    };
  }

  label(name: string): string | null {
    return this.#labelsBegin < 0 ? null : findLabel(this.#line, this.#labelsBegin, name);
  }

  /** What JSON shows. JSON has no NaN and no infinities: they are the texts `NaN`, `+Inf`, `-Inf`. */
  toJSON(): object {
    const { name, labels, time, exemplar } = this;
    const shown = { name, labels, value: jsonNumber(this.value), time };
    return exemplar === null ? shown : { ...shown, exemplar: { ...exemplar, value: jsonNumber(exemplar.value) } };
  }
}

function orNull(time: number): number | null {
  return Number.isNaN(time) ? null : time;
}

function jsonNumber(value: number): number | string {
  return Number.isFinite(value) ? value : formatMetricValue(value);
}

/** Labels of a checked set, sorted by name. Without a prototype: a label may have any name. */
function labelsAt(line: string, begin: number): Readonly<Record<string, string>> {
  const labels: Record<string, string> = Object.create(null) as Record<string, string>;
  if (begin < 0) return labels;
  const pairs: (readonly [string, string])[] = [];
  eachLabel(line, begin, ({ name, written }) => {
    if (written !== "") pairs.push([name, unescapeLabel(written)]);
    return true;
  });
  for (const [name, value] of pairs.sort(([a], [b]) => (a < b ? -1 : 1))) labels[name] = value;
  return labels;
}
