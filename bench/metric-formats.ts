// What reading a record costs, for each format of metrics, rows and lines: MB/s of the reader alone, without splits, and
// with the fields that a job would read. Then what compressing an output costs.
// Run: node --conditions=millrace-source bench/metric-formats.ts [megabytes]

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ByteSink } from "@millrace/data";
import { gzip, influxLine, openMetrics, teraRecords, textLines, zstd } from "@millrace/formats";
import type { Input, Output } from "@millrace/sdk";
import { badRecord, inputFormatOf, noRecord, outputFormatOf } from "@millrace/sdk/engine";
import { generateFiles } from "../packages/cli/src/gen/generate-files.ts";

const megabytes = Number(process.argv[2] ?? 64);
const directory = mkdtempSync(join(tmpdir(), "millrace-bench-"));

function generated(kind: "openmetrics" | "tera"): Uint8Array {
  const { paths } = generateFiles({ kind, out: join(directory, kind), bytes: megabytes * 1e6, files: 1, seed: 1 });
  return readFileSync(paths[0] ?? "");
}

/** Places of the lines of some bytes, as a split reader finds them. */
function linePlaces(bytes: Uint8Array): Int32Array {
  const places: number[] = [];
  for (let begin = 0; begin < bytes.length;) {
    const found = bytes.indexOf(10, begin);
    const end = found < 0 ? bytes.length : found;
    places.push(begin, end);
    begin = end + 1;
  }
  return Int32Array.from(places);
}

function rowPlaces(bytes: Uint8Array): Int32Array {
  return Int32Array.from({ length: bytes.length / 50 }, (_, index) => ((index + 1) >> 1) * 100);
}

/** The same metrics as points of the line protocol. */
function influxText(exposition: Uint8Array): Uint8Array {
  const input = inputFormatOf(openMetrics()).createReader({ count: () => undefined });
  const writer = outputFormatOf(influxLine()).createWriter();
  const sink = new ByteSink(exposition.length * 1.5);
  const places = linePlaces(exposition);
  for (let index = 0; index < places.length; index += 2) {
    const sample = input.read(exposition, places[index] ?? 0, places[index + 1] ?? 0);
    if (sample === badRecord || sample === noRecord || !Number.isFinite(sample.value)) continue;
    const tags = Object.fromEntries(
      Object.entries(sample.labels).map(([key, value]) => [key, value.replaceAll(/[\\\n]/gu, "/")]),
    );
    writer.write({ measurement: sample.name, tags, fields: { value: sample.value }, time: sample.time }, sink);
  }
  return sink.toBytes();
}

interface File {
  readonly bytes: Uint8Array;
  readonly places: Int32Array;
}

function bench<R>(name: string, input: Input<R>, { bytes, places }: File, use: (record: R) => unknown): void {
  let best = Number.POSITIVE_INFINITY;
  let records = 0;
  // What `use` gives is looked at, so that no compiler leaves it out.
  let used = 0;
  for (let turn = 0; turn < 4; turn++) {
    const reader = inputFormatOf(input).createReader({ count: () => undefined });
    records = 0;
    const begun = performance.now();
    for (let index = 0; index < places.length; index += 2) {
      const record = reader.read(bytes, places[index] ?? 0, places[index + 1] ?? 0);
      if (record === badRecord || record === noRecord) continue;
      records++;
      if (use(record) !== undefined) used++;
    }
    best = Math.min(best, performance.now() - begun);
  }
  const rate = Math.round(bytes.length / 1e3 / best);
  console.log(
    `${name.padEnd(44)} ${String(rate).padStart(6)} MB/s ${String(Math.round((best * 1e6) / records)).padStart(6)} ns a record${used === records * 4 ? "" : " (not all used)"}`,
  );
}

function benchWrite(name: string, output: Output<string>, lines: readonly string[]): void {
  let best = Number.POSITIVE_INFINITY;
  let plain = 0;
  let written = 0;
  for (let turn = 0; turn < 2; turn++) {
    const writer = outputFormatOf(output).createWriter();
    const sink = new ByteSink(1 << 20);
    plain = 0;
    written = 0;
    const begun = performance.now();
    for (const line of lines) {
      writer.write(line, sink);
      plain += line.length + 1;
      written += sink.length;
      sink.clear();
    }
    writer.finish?.(sink);
    written += sink.length;
    best = Math.min(best, performance.now() - begun);
  }
  console.log(
    `${name.padEnd(44)} ${String(Math.round(plain / 1e3 / best)).padStart(6)} MB/s ${((100 * written) / plain).toFixed(1).padStart(6)} % of the bytes`,
  );
}

try {
  const exposition = generated("openmetrics");
  const lines = { bytes: exposition, places: linePlaces(exposition) };
  bench("text lines", textLines(), lines, () => 1);
  bench("openMetrics, value alone", openMetrics(), lines, ({ value }) => value);
  bench("openMetrics, series, time and value", openMetrics(), lines, ({ series, time, value }) => [
    series,
    time,
    value,
  ]);
  bench("openMetrics, one label", openMetrics(), lines, (sample) => sample.label("instance"));
  bench("openMetrics, all labels", openMetrics(), lines, ({ labels }) => labels);
  const points = influxText(exposition);
  const pointLines = { bytes: points, places: linePlaces(points) };
  bench("influxLine, measurement and time", influxLine(), pointLines, ({ measurement, time }) => [measurement, time]);
  bench("influxLine, one tag and one field", influxLine(), pointLines, (point) => [
    point.tag("instance"),
    point.number("value"),
  ]);
  const rows = generated("tera");
  bench("teraRecords, key and value", teraRecords(), { bytes: rows, places: rowPlaces(rows) }, ({ key, value }) => [
    key,
    value,
  ]);
  const text = new TextDecoder().decode(exposition).split("\n").slice(0, -1);
  benchWrite("textLines", textLines(), text);
  for (const level of [1, 6]) benchWrite(`gzip(textLines()), level ${level}`, gzip(textLines(), { level }), text);
  for (const level of [1, 3]) benchWrite(`zstd(textLines()), level ${level}`, zstd(textLines(), { level }), text);
} finally {
  rmSync(directory, { recursive: true });
}
