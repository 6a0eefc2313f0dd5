// Programs of several stages on real hosts: samples and key ranges, a reduce that writes a shuffle, named outputs, side
// files, and framings of packed files.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import type { StageBrief } from "@millrace/core";
import type { AttemptOrder, SegmentInput, TaskExecutor } from "@millrace/ports";
import { createLocalStorage } from "@millrace/storage";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProcessExecutor, createThreadExecutor } from "../../src/index.ts";
import { AttemptBench, runAttempt } from "./attempt-bench.ts";
import type { Ended, OrderOptions } from "./attempt-bench.ts";

const memory = { slotBytes: 2 ** 20, heapBytes: 512 * 2 ** 20, residentBytesMax: 700 * 2 ** 20 };

const makers: readonly { readonly name: string; readonly make: (directory: string) => TaskExecutor }[] = [
  { name: "process", make: (directory) => createProcessExecutor({ slots: 1, spares: 0, directory, memory }) },
  { name: "thread", make: () => createThreadExecutor({ slots: 1, storage: createLocalStorage(), memory }) },
];

const main = { name: "", extension: "txt" };
const stage = (kind: StageBrief["kind"], partitions: number, reads = -1): StageBrief => ({
  kind,
  tasks: 1,
  partitions,
  reads,
  outputs: partitions === 0 ? [main] : [],
});

type Finished = Extract<Ended, { readonly kind: "finished" }>;

describe.each(makers)("$name executor and programs", ({ make }) => {
  const bench = new AttemptBench();
  let executor: TaskExecutor;
  let jobs = 1;
  beforeAll(() => {
    executor = make(join(bench.path, "hosts"));
  });
  afterAll(async () => {
    await executor.close();
    bench.remove();
  });

  /** A job of its own: what runs its attempts. */
  const jobOf = (
    body: string,
  ): ((options: Omit<OrderOptions, "job">) => Promise<{ order: AttemptOrder; ended: Ended }>) => {
    const job = bench.job(body);
    const number = jobs++;
    return async (options) => {
      const order = bench.order({ job, number, ...options });
      return { order, ended: await runAttempt(executor, order) };
    };
  };
  const finished = (ended: Ended): Finished => {
    if (ended.kind !== "finished") throw new Error(JSON.stringify(ended));
    return ended;
  };

  const sortJob =
    'export default defineJob({ name: "sort", input: textLines(), value: text(), map: (line, emit, context) => { context.count("maps"); context.outputs.all(line); emit(line, ""); }, partition: millrace.sampledRanges(), reduce: (key, values, emit) => { for (const value of values) emit(key); }, output: textLines(), outputs: { all: textLines() } });';
  const sortStages = [stage("sample", 0), stage("map", 3), stage("reduce", 0, 1)];
  const lines = Array.from({ length: 60_000 }, (_, index) => String((index * 48_271) % 1_000_003).padStart(7, "0"));

  it("samples keys from all over a split, the same each time, and counts nothing", async () => {
    const run = jobOf(sortJob);
    const sorted = bench.input("sorted", `${lines.toSorted().join("\n")}\n`.repeat(8));
    const samples: (readonly string[])[] = [];
    for (let round = 0; round < 2; round++) {
      const { order, ended } = await run({ parts: [sorted], stages: sortStages, keysMax: 500, task: 0 });
      const { result, vector } = finished(ended);
      expect([vector, result.run, result.files, result.counters, result.badRecords]).toEqual([
        undefined,
        undefined,
        [],
        {},
        [],
      ]);
      expect(result.consumed).toMatchObject({ kind: "splits", ranges: [], badRecords: 0 });
      expect(bench.files(new URL(order.outputUri).pathname.slice(bench.path.length))).toEqual([]);
      if (result.consumed.kind !== "splits") return;
      expect(result.consumed.records).toBeGreaterThan(100_000);
      // 32 places of 32 KiB, each to the end of a chunk or record.
      expect(result.consumed.bytes).toBeLessThan(32 * 33 * 1024);
      samples.push(result.sample ?? []);
    }
    const [sample = []] = samples;
    expect(samples[1]).toEqual(sample);
    expect(sample.length).toBe(500);
    expect(sample).toEqual([...sample].sort());
    // Places are random in each 32nd of the file: the middle key is near the middle of all.
    const middle = Buffer.from(sample[250] ?? "", "hex").toString();
    const rank = lines.filter((line) => line < middle).length / lines.length;
    expect(rank).toBeGreaterThan(0.35);
    expect(rank).toBeLessThan(0.65);
  });

  it("samples the begin of a packed file, and all of a small one", async () => {
    const run = jobOf(sortJob);
    const big = { ...bench.input("big.gz", gzipSync(`${lines.join("\n")}\n`.repeat(20))), codec: "gzip" as const };
    const small = bench.input("small", "b\na\nc\n");
    const ofBig = finished((await run({ parts: [big], stages: sortStages, keysMax: 100 })).ended);
    expect(ofBig.result.sample?.length).toBe(100);
    if (ofBig.result.consumed.kind === "splits") expect(ofBig.result.consumed.bytes).toBeLessThan(2 * 2 ** 20);
    const ofSmall = finished((await run({ parts: [small], stages: sortStages, keysMax: 100 })).ended);
    expect(ofSmall.result.sample).toEqual(["61", "62", "63"]);
    const found = { ...small, codec: "detect" as const };
    const ofFound = finished((await run({ parts: [found], stages: sortStages, keysMax: 100 })).ended);
    expect(ofFound.result.sample).toEqual(ofSmall.result.sample);
    const bigFound = { ...big, codec: "detect" as const };
    const ofBigFound = finished((await run({ parts: [bigFound], stages: sortStages, keysMax: 100 })).ended);
    expect(ofBigFound.result.consumed).toEqual(ofBig.result.consumed);
  });

  it("cuts a map's run at the ranges of its order, and sorts over partitions", async () => {
    const run = jobOf(sortJob);
    const cuts = ["0300000", "0600000"].map((key) => new TextEncoder().encode(key));
    const { order, ended } = await run({
      parts: [bench.input("lines", `${lines.join("\n")}\n`)],
      stages: sortStages,
      stage: 1,
      task: 0,
      cuts,
    });
    const texts: string[] = [];
    for (const partition of [0, 1, 2]) {
      const segments = [bench.segment(order, ended, partition)];
      const reduced = await run({ segments, stages: sortStages, stage: 2, task: partition });
      texts.push(bench.output(reduced.order, reduced.ended));
    }
    expect(texts.join("").trimEnd().split("\n")).toEqual(lines.toSorted());
    expect(texts[1]?.slice(0, 7) ?? "").toMatch(/^03/);
    expect(finished(ended).result.counters).toMatchObject({ maps: 60_000, "millrace.records.out": 60_000 });
  });

  it("writes a run file from a reduce, in a slot smaller than its pairs, the same bytes each time", async () => {
    const run = jobOf(
      'const words = defineJob({ name: "words", input: textLines(), map: (line, emit) => emit(line, 1), reduce: sum(), output: textTable() });\n' +
        'const lists = defineJob({ name: "lists", input: millrace.records(millrace.object({ key: text(), value: millrace.int() })), value: text(), map: ({ key, value }, emit) => emit(key.slice(-1), key), reduce: (key, values, emit) => emit([key, [...values].join("")]), output: textTable() });\n' +
        "export default millrace.chain(words, lists);",
    );
    const stages = [stage("map", 2), stage("reduce", 2, 0), stage("reduce", 0, 1)];
    const mapped = await run({ parts: [bench.input("chain", `${lines.join("\n")}\n`)], stages, stage: 0, task: 0 });
    const segmentsOf = (orders: readonly { order: AttemptOrder; ended: Ended }[], partition: number): SegmentInput[] =>
      orders.map(({ order, ended }) => bench.segment(order, ended, partition));
    const runs: Buffer[] = [];
    const reduced: { order: AttemptOrder; ended: Ended }[] = [];
    for (const task of [0, 1, 0]) {
      const each = await run({ segments: segmentsOf([mapped], task), stages, stage: 1, task });
      const { result } = finished(each.ended);
      expect(result.counters["millrace.spills"]).toBeGreaterThan(0);
      expect(result.run?.pairs).toBe(result.counters["millrace.groups"]);
      expect(existsSync(each.order.scratchPath)).toBe(false);
      runs.push(readFileSync(each.order.runPath ?? ""));
      if (runs.length < 3) reduced.push(each);
    }
    expect(runs[2]?.equals(runs[0] ?? Buffer.of())).toBe(true);
    const outputs: string[] = [];
    for (const task of [0, 1]) {
      const { order, ended } = await run({ segments: segmentsOf(reduced, task), stages, stage: 2, task });
      outputs.push(bench.output(order, ended));
    }
    const keys = new Map(
      outputs
        .join("")
        .trimEnd()
        .split("\n")
        .map((row) => row.split("\t") as [string, string]),
    );
    expect([...keys.keys()].sort()).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]);
    // Values come by the reducer before, there by key.
    const ones = (keys.get("1") ?? "").match(/.{7}/g) ?? [];
    expect([...ones].sort()).toEqual([...new Set(lines)].filter((line) => line.endsWith("1")).sort());
    expect(ones.filter((line, at) => at > 0 && line < (ones[at - 1] ?? "")).length).toBe(1);
  });

  const splitJob =
    'export default defineJob({ name: "split", params: { failAt: text({ default: "" }) }, input: textLines(), map: (line, emit, context) => { if (line === context.params.failAt) throw new Error("failed"); if (line < "m") context.outputs.low([line]); else if (line < "z") emit([line]); }, output: textTable(), outputs: { low: textTable(), never: textTable() } });';

  it("writes files of named outputs for those with records, and a main one always", async () => {
    const run = jobOf(splitJob);
    const stages = [stage("map", 0)];
    const { order, ended } = await run({ parts: [bench.input("split", "a\nb\nx\n")], stages });
    const { files } = finished(ended).result;
    const directory = new URL(order.outputUri).pathname;
    expect(files).toEqual([
      expect.objectContaining({ output: "", records: 1, bytes: 2 }),
      expect.objectContaining({
        output: "low",
        records: 2,
        bytes: 4,
        path: expect.stringMatching(/^low\/part-[a-z0-9]+\.tsv$/),
      }),
    ]);
    expect(files.map(({ path }) => readFileSync(join(directory, path), "utf8"))).toEqual(["x\n", "a\nb\n"]);
    const nothing = finished((await run({ parts: [bench.input("nothing", "z\n")], stages })).ended);
    expect(nothing.result.files).toEqual([expect.objectContaining({ output: "", records: 0, bytes: 0 })]);
  });

  it("removes the files of all outputs when the attempt fails", async () => {
    const content = `${"a\nx\n".repeat(200_000)}end\n`;
    const { order, ended } = await jobOf(splitJob)({
      parts: [bench.input("fails", content)],
      params: { failAt: "end" },
      stages: [stage("map", 0)],
    });
    expect(ended.kind).toBe("failed");
    const left = bench.files(new URL(order.outputUri).pathname.slice(bench.path.length));
    expect(left.filter((name) => name.includes("part-"))).toEqual([]);
  });

  it("reads a side file in setup and in map, and tells how to ship one that is missing", async () => {
    const run = jobOf(
      'export default defineJob({ name: "files", setup: ({ file }) => new TextDecoder().decode(file("prefix.txt")), input: textLines(), map: (line, emit, { file, state }) => emit([state + file(line).length]), output: textTable() });',
    );
    const filePaths = {
      "prefix.txt": new URL(bench.input("prefix", ">").uri).pathname,
      empty: new URL(bench.input("empty", "").uri).pathname,
    };
    const parts = [bench.input("names", "prefix.txt\nempty\n")];
    const { order, ended } = await run({ parts, filePaths });
    expect(bench.output(order, ended)).toBe(">1\n>0\n");
    for (const shipped of [{}, { "prefix.txt": filePaths["prefix.txt"] }])
      expect((await run({ parts, filePaths: shipped })).ended).toMatchObject({
        kind: "failed",
        failure: { code: "E_PARAMETER", message: expect.stringMatching(/pass --file (?:prefix\.txt|empty)=PATH/) },
      });
    const gone = { ...filePaths, empty: `${filePaths.empty}-gone` };
    expect((await run({ parts, filePaths: gone })).ended).toMatchObject({ failure: { code: "E_WORK_DISK" } });
  });

  it("reads a split of a bzip2 file: the records that begin in its blocks, and says which bytes they are", async () => {
    // yes 'a line of some text' | head -20000 | bzip2 -1 | base64
    const packed = Buffer.from(
      "QlpoMTFBWSZTWdnseIgAMNHRgAAQQAAjJ4xAMADWkIBoAE1VNAMgKVIaGg0KoVuKoVwKoVyKoGKgqNuKgqNVBUaqAV0KoVkVQrIq" +
        "hXoqhWBVCsiqFYFUK0AqMVBUfVBUYqCo9qCo/MUFZJlNZJWJhPQATh1GAABBAACMnjEAwANaQgGgATVUaAyApUhoaDQqhWBVCscC" +
        "qFciqIxUFRmoKjVQVGqgFdiqFZFUKyKoV4KoVuKoVkVQrcVQrQCoxUFR9UFRioKjyoKj8xQVkmU1nQgVK3AGtm0YAAEEAAIyeMQD" +
        "AA1kiAaABNVTQDIClUGhkNCqFbiqFcCqFciqBtUFRzUFRmoKjNQVHVQVGqgqNCFRmoQrAqhWRVCsCqFaFUK2FUK+FUK2FUKyQVH5" +
        "igrJMprIeK+DiANbNowAAIIAARk8YgGABrSEA0ACaqjQGQFKkNDQaFUKwKoVwKoVyKoGKgqOKgqNVBUaqCK6FUKyKoVkVQrORVCs" +
        "CqFbiqFbiqFaAVGKgqPqgqMVBUeVBUfmKCskyms/hRuTIAADCjAAAggABGTxiAQAChANAAVRTJpsk3DEZPSTMUUaLLio8NXGDhJ+" +
        "SWdF3JFOFCQFdL3wAA==",
      "base64",
    );
    const whole = { ...bench.input("lines.bz2", packed), codec: "bzip2" as const };
    const run = jobOf(
      'export default defineJob({ name: "lines", input: textLines(), map: (line, emit) => emit([line]), output: textTable() });',
    );
    let records = 0;
    let at = 0;
    for (let offset = 0; offset < packed.length; offset += 40) {
      const part = { ...whole, offset, bytes: Math.min(40, packed.length - offset) };
      const { order, ended } = await run({ parts: [part] });
      const { consumed } = finished(ended).result;
      if (consumed.kind !== "splits") throw new Error("a map reads splits");
      records += consumed.records;
      for (const { begin, end } of consumed.ranges.filter((range) => range.begin !== range.end)) {
        expect(begin).toBe(at);
        at = end;
      }
      const text = bench.output(order, ended);
      expect(text).toBe("a line of some text\n".repeat(consumed.records));
    }
    expect([records, at]).toEqual([20_000, packed.length]);
  });

  it.each([
    ["gzip", gzipSync],
    ["zstd", zstdCompressSync],
  ] as const)("reads events, fixed records and whole files that are packed with %s", async (codec, pack) => {
    const events = Array.from({ length: 5_000 }, (_, index) => `E${index}${"\n at x".repeat(index % 5)}`);
    const reader = "createReader: () => ({ read: (bytes, begin, end) => end - begin, reason: () => '' })";
    const input = (framing: string, splitting: string): string =>
      `millrace.createInput({ name: "own", splitting: "${splitting}", framing: ${framing}, ${reader} })`;
    const jobWith = (framing: string, splitting = "delimiter"): string =>
      `export default defineJob({ name: "own", input: ${input(framing, splitting)}, map: (size, emit) => emit([size]), output: textTable() });`;
    const part = { ...bench.input(`events.${codec}`, pack(Buffer.from(`${events.join("\n")}\n`))), codec };
    const sizes = async (body: string): Promise<readonly number[]> => {
      const { order, ended } = await jobOf(body)({ parts: [part] });
      expect(finished(ended).result.consumed).toMatchObject({ ranges: [{ begin: 0, end: part.fileBytes }] });
      return bench.output(order, ended).trimEnd().split("\n").map(Number);
    };
    const bytes = events.join("\n").length + 1;
    expect(await sizes(jobWith('{ kind: "events", startsWith: (bytes, begin) => bytes[begin] === 0x45 }'))).toEqual(
      events.map(({ length }) => length),
    );
    const fixed = await sizes(jobWith('{ kind: "fixed", bytes: 1000 }'));
    expect([fixed.length, fixed[0], fixed.at(-1)]).toEqual([Math.ceil(bytes / 1_000), 1_000, bytes % 1_000]);
    expect(await sizes(jobWith('{ kind: "whole-file" }', "none"))).toEqual([bytes]);
  });
});
