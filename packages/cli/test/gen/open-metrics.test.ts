// Generated metrics by a reader of their own: a regular expression, and what each series does from scrape to scrape.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generateFiles } from "../../src/gen/generate-files.ts";

const line =
  /^([a-z_]+)\{((?:[a-z]+="(?:[^"\\]|\\[\\"n])*",?)+)\} (\d+(?:\.\d{3})?|NaN) (\d{10})\.(\d{3})(?: # \{trace_id="\d+"\} \d+\.\d{3} \d{10}\.\d{3})?$/u;

let directory = "";
let lines: readonly string[] = [];
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-gen-"));
  const out = join(directory, "metrics.prom");
  generateFiles({ kind: "openmetrics", out, bytes: 16 * 2 ** 20, files: 1, seed: 3 });
  lines = readFileSync(out, "utf8").split("\n");
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

const samples = (): { series: string; name: string; value: number; ms: number; text: string }[] =>
  lines
    .filter((text) => text !== "" && !text.startsWith("#"))
    .map((text) => {
      const match = line.exec(text);
      if (match === null) throw new Error(`no sample: ${text}`);
      const [, name = "", labels = "", value = "", seconds = "", fraction = ""] = match;
      return { series: `${name}{${labels}}`, name, value: Number(value), ms: Number(seconds + fraction), text };
    });

describe("generateFiles() of openmetrics", () => {
  it("writes types first, samples, and the end", () => {
    expect(lines.slice(0, 2)).toEqual([
      "# HELP http_requests Requests by handler and code.",
      "# TYPE http_requests counter",
    ]);
    expect(lines.slice(-2)).toEqual(["# EOF", ""]);
    expect(lines.filter((text) => text === "# EOF")).toHaveLength(1);
    expect(samples().length).toBeGreaterThan(100_000);
  });

  it("gives the same bytes for the same seed and file, and other targets to other files", () => {
    const read = (name: string, files: number, seed: number): string[] =>
      generateFiles({ kind: "openmetrics", out: join(directory, name), bytes: 200_000, files, seed }).paths.map(
        (path) => readFileSync(path, "utf8"),
      );
    expect(read("a", 2, 7)).toEqual(read("b", 2, 7));
    expect(read("c", 2, 8)).not.toEqual(read("d", 2, 7));
    const [first, second] = read("e", 2, 7);
    expect(first).toContain('instance="api-0-1:8080"');
    expect(second).not.toContain('instance="api-0-1:8080"');
  });

  it("goes forward in time for each series, with jitter and gaps", () => {
    const steps: number[] = [];
    const last = new Map<string, number>();
    for (const { series, ms } of samples()) {
      const before = last.get(series);
      if (before !== undefined) steps.push(ms - before);
      last.set(series, ms);
    }
    expect(Math.min(...new Set(steps))).toBeGreaterThan(14_000);
    expect(new Set(steps.filter((step) => step < 16_000)).size).toBeGreaterThan(100);
    expect(steps.filter((step) => step > 40_000).length).toBeGreaterThan(100);
  });

  it("resets counters, ends series and begins others", () => {
    const values = new Map<string, number[]>();
    for (const { series, name, value } of samples())
      if (name === "http_requests_total") values.set(series, [...(values.get(series) ?? []), value]);
    const falls = [...values.values()].flatMap((each) => each.filter((value, index) => value < (each[index - 1] ?? 0)));
    expect(falls.length).toBeGreaterThan(20);
    expect(values.size).toBeGreaterThan(10 * 9);
  });

  it("has NaN, escapes and exemplars", () => {
    const all = samples();
    expect(all.some(({ name, value }) => name === "temperature_celsius" && Number.isNaN(value))).toBe(true);
    for (const escape of [String.raw`\\`, String.raw`\"`, String.raw`\n`])
      expect(all.some(({ series }) => series.includes(escape))).toBe(true);
    expect(all.some(({ text }) => text.includes(" # {trace_id="))).toBe(true);
  });

  it("fills buckets that hold each other", () => {
    const counts = new Map<string, number>();
    const wrong: string[] = [];
    const bounds = ["+Inf", "5", "1", "0.5", "0.1", "0.05", "0.01", "0.005"];
    for (const { series, value } of samples().filter(({ name }) => name.endsWith("_bucket"))) {
      const bound = /le="([^"]*)"/u.exec(series)?.[1] ?? "";
      const above = bounds[bounds.indexOf(bound) - 1];
      if (above !== undefined && value > (counts.get(series.replace(`le="${bound}"`, `le="${above}"`)) ?? -1))
        wrong.push(series);
      counts.set(series, value);
    }
    expect(wrong).toEqual([]);
  });
});
