// What both executors must do, each shown on real processes and on threads.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { AttemptOrder, TaskExecutor } from "@millrace/ports";
import { createLocalStorage } from "@millrace/storage";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProcessExecutor, createThreadExecutor } from "../../src/index.ts";
import { AttemptBench, runAttempt, startAttempt } from "./attempt-bench.ts";
import type { Ended } from "./attempt-bench.ts";

const memory = { slotBytes: 8 * 2 ** 20, heapBytes: 512 * 2 ** 20, residentBytesMax: 700 * 2 ** 20 };

const makers: readonly { readonly name: string; readonly make: (directory: string) => TaskExecutor }[] = [
  { name: "process", make: (directory) => createProcessExecutor({ slots: 2, spares: 1, directory, memory }) },
  { name: "thread", make: () => createThreadExecutor({ slots: 2, storage: createLocalStorage(), memory }) },
];

const upper =
  'export default defineJob({ name: "upper", input: textLines(), map: (line, emit) => emit([line.toUpperCase()]), output: textTable() });';
const words =
  'export default defineJob({ name: "words", input: textLines(), map: (line, emit) => { for (const word of line.split(" ")) if (word) emit(word, 1); }, reduce: sum(), output: textTable() });';

describe.each(makers)("$name executor", ({ make }) => {
  const bench = new AttemptBench();
  let executor: TaskExecutor;
  beforeAll(() => {
    executor = make(join(bench.path, "hosts"));
  });
  afterAll(async () => {
    await executor.close();
    bench.remove();
  });

  let jobs = 100;
  /** One job for all that user code does in its map: a host is used for many attempts, and starting one takes time. */
  const acts: string[] = [];
  let probe = "";
  const act = (statements: string): number => acts.push(`(line, emit, context) => { ${statements} }`) - 1;
  beforeAll(() => {
    const map = "(line, emit, context) => acts[context.params.act](line, emit, context)";
    const params = "params: { act: millrace.int() }";
    probe = bench.job(
      `const acts = [\n${acts.join(",\n")}];\nexport default defineJob({ name: "m", ${params}, input: textLines(), map: ${map}, output: textTable() });`,
    );
  });
  /** Run the map of an act over lines. */
  const map = async (index: number, content = "a\nb\n"): Promise<Ended> =>
    runAttempt(
      executor,
      bench.order({
        job: probe,
        params: { act: String(index) },
        parts: [bench.input(`in-${jobs++}`, content)],
        number: 20,
      }),
    );
  /** Run the map of a job of its own. */
  const mapOf = async (body: string): Promise<Ended> => {
    const order = bench.order({ job: bench.job(body), parts: [bench.input(`in-${jobs}`, "a\n")], number: jobs++ });
    const ended = await runAttempt(executor, order);
    executor.forgetJob(order.attempt.job);
    return ended;
  };
  const failureOf = (ended: Ended): { readonly code: string; readonly message: string } => {
    if (ended.kind !== "failed") throw new Error(`did not fail: ${JSON.stringify(ended)}`);
    return ended.failure;
  };

  it("runs a map-only attempt: output file, counts, check sum, owned range", async () => {
    const order = bench.order({ job: bench.job(upper), parts: [bench.input("upper", "one\ntwo\r\n\nthree")] });
    const ended = await runAttempt(executor, order);
    expect(bench.output(order, ended)).toBe("ONE\nTWO\n\nTHREE\n");
    if (ended.kind !== "finished") return;
    expect(ended.result.consumed).toMatchObject({ kind: "splits", records: 4, badRecords: 0, bytes: 15 });
    expect(ended.result.files[0]).toMatchObject({ output: "", bytes: 15, records: 4 });
    expect(ended.result.counters).toMatchObject({ "millrace.records.in": 4, "millrace.records.out": 4 });
    expect(ended.result.usage.durationMs).toBeGreaterThan(0);
    expect(existsSync(order.scratchPath)).toBe(false);
  });

  it("runs maps and reduces of one job to the counts of its words", async () => {
    const job = bench.job(words);
    const part = bench.input("words", "a b a\nc a\nb b b b\n");
    const cut = { ...part, bytes: 7 };
    const rest = { ...part, offset: 7, bytes: part.bytes - 7 };
    const orders = [cut, rest].map((each, task) => bench.order({ job, parts: [each], partitions: 2, task, number: 1 }));
    const maps = await Promise.all(orders.map((order) => runAttempt(executor, order)));
    const outputs: string[] = [];
    for (const partition of [0, 1]) {
      const segments = orders.map((order, at) => bench.segment(order, maps[at]!, partition));
      const order = bench.order({ job, segments, partitions: 2, task: partition, number: 1 });
      const ended = await runAttempt(executor, order);
      outputs.push(bench.output(order, ended));
      if (ended.kind === "finished") expect(ended.result.consumed).toMatchObject({ kind: "segments", maps: 2 });
    }
    expect(outputs.join("").split("\n").sort()).toEqual(["", "a\t3", "b\t5", "c\t1"]);
  });

  it("unpacks gzip on its way through the ring, and reports the whole file as owned", async () => {
    const text = Array.from({ length: 200_000 }, (_, index) => `line ${index}`).join("\n");
    const part = { ...bench.input("big.gz", gzipSync(text)), codec: "gzip" as const };
    const order = bench.order({ job: bench.job(upper), parts: [part], number: 2 });
    const ended = await runAttempt(executor, order);
    expect(bench.output(order, ended)).toBe(`${text.toUpperCase()}\n`);
    if (ended.kind === "finished")
      expect(ended.result.consumed).toMatchObject({ ranges: [{ begin: 0, end: part.bytes }] });
  });

  it("finds out how small files of a pack are compressed, whatever their names", async () => {
    const plain = (bytes: Buffer): Buffer => bytes;
    const packs = [plain, gzipSync, zstdCompressSync, gzipSync] as const;
    const parts = Array.from({ length: 30 }, (_, index) => {
      const text = `file ${index}\nends\n`;
      const bytes = (packs[index % 4] ?? plain)(Buffer.from(text));
      return { ...bench.input(`small-${index}.${["gz", "txt", "zip"][index % 3]}`, bytes), codec: "detect" as const };
    });
    const order = bench.order({ job: bench.job(upper), parts, number: jobs++ });
    const ended = await runAttempt(executor, order);
    expect(bench.output(order, ended)).toBe(parts.map((_, index) => `FILE ${index}\nENDS\n`).join(""));
    if (ended.kind === "finished")
      expect(ended.result.consumed).toMatchObject({
        records: 60,
        ranges: parts.map(({ uri, fileBytes }) => ({ uri, begin: 0, end: fileBytes })),
      });
    const zip = { ...bench.input("small.txt", Buffer.from("504b0304", "hex")), codec: "detect" as const };
    const refused = await runAttempt(executor, bench.order({ job: bench.job(upper), parts: [zip], number: jobs++ }));
    expect(failureOf(refused)).toMatchObject({
      code: "E_UNSUPPORTED_CODEC",
      message: expect.stringMatching(
        /small\.txt": it is compressed with zip, which this version does not read; leave it out/,
      ),
    });
  });

  it("fails a cut gzip with E_INPUT_CORRUPT and keeps no output", async () => {
    const packed = gzipSync("x\n".repeat(100_000));
    const part = { ...bench.input("cut.gz", packed.subarray(0, packed.length - 9)), codec: "gzip" as const };
    const order = bench.order({ job: bench.job(upper), parts: [part], number: jobs++ });
    expect(failureOf(await runAttempt(executor, order))).toMatchObject({ code: "E_INPUT_CORRUPT" });
    expect(bench.files(order.outputUri.slice(order.outputUri.lastIndexOf("attempt-")))).toEqual([]);
  });

  it("refuses an input that changed, shrank or is gone with E_INPUT_CHANGED", async () => {
    const job = bench.job(upper);
    const part = bench.input("changed", "a\nb\n");
    for (const planned of [
      { ...part, fileBytes: 5 },
      { ...part, modifiedMs: part.modifiedMs - 5_000 },
      { ...part, uri: `${part.uri}-gone` },
      { ...part, codec: "gzip" as const, fileBytes: 5 },
    ]) {
      const ended = await runAttempt(executor, bench.order({ job, parts: [planned], number: 3 }));
      expect(failureOf(ended).code).toBe("E_INPUT_CHANGED");
    }
  });

  it("reads a log that grew to its planned length with inputGrowth prefix", async () => {
    const part = { ...bench.input("grown", "a\nb\nc\n"), bytes: 4, fileBytes: 4, modifiedMs: 1 };
    const order = bench.order({ job: bench.job(upper), parts: [part], inputGrowth: "prefix", number: 4 });
    expect(bench.output(order, await runAttempt(executor, order))).toBe("A\nB\n");
  });

  const throwsAtB = act('if (line === "b") throw new RangeError("no b");');
  it("reports a throw in map with the record, its place and the line of the job", async () => {
    const ended = await map(throwsAtB);
    const failure = failureOf(ended);
    expect(failure.code).toBe("E_USER_CODE");
    expect(failure.message).toMatch(/^Cannot run "map": RangeError: no b; /);
    expect(failure.message).toMatch(/\n {4}at .*\(?job bundle:4:\d+\)?\n/);
    expect(failure.message).toMatch(/byte 2\nrecord "b"$/);
    expect(ended.log).toContain("E_USER_CODE: Cannot run");
  });

  const failing = [
    ["E_USER_CODE", "throw null;"],
    [
      "E_USER_CODE",
      "throw new Proxy({}, { get() { throw new Error('trap'); }, getPrototypeOf() { throw new Error('trap'); } });",
    ],
    ["E_USER_CODE", "throw new Error('x'.repeat(100_000_000));"],
    ["E_USER_CODE", "throw Object.assign(new Error('x'), { name: 'MillraceError', code: 'E_SEGMENT' });"],
    ["E_ASYNC_USER_CODE", "return Promise.resolve();"],
    ["E_ASYNC_USER_CODE", "return (function* () {})();"],
    ["E_EMIT_AFTER_END", "Promise.resolve().then(() => emit([line]));"],
    ["E_EMIT_AFTER_END", "Promise.resolve().then(() => emit([line])).catch(() => undefined);"],
    ["E_EMIT_AFTER_END", "setTimeout(() => emit([line]), 20);"],
    ["E_EMIT_AFTER_END", "setTimeout(() => { try { emit([line]); } catch {} }, 20);"],
    ["E_EMIT_AFTER_END", "void import('node:fs').then((fs) => fs.readFile('/dev/null', () => emit([line])));"],
    ["E_EMIT_AFTER_END", "void import('node:zlib').then((zlib) => zlib.gzip(line, () => emit([line])));"],
    ["E_ASYNC_USER_CODE", "setTimeout(() => 0, 5_000);"],
    ["E_VALUE_INVALID", "emit(() => 1);"],
    ["E_VALUE_INVALID", "try { emit(Symbol('x')); } catch {}"],
    ["E_USER_CODE", "Promise.reject(new Error('left'));"],
    ["E_USER_CODE", "context.count('millrace.x');"],
    ["E_USER_CODE", "for (let i = 0; i < 2_000; i++) context.count(`c${i}`);"],
    ["E_TASK_EXITED", "process.exit(0);"],
  ].map(([code = "", statements = ""]) => ({ code, statements, index: act(statements) }));
  it.each(failing)("fails with $code: $statements", async ({ code, index }) => {
    const failure = failureOf(await map(index, "a\n"));
    expect(failure).toMatchObject({ code });
    expect(Buffer.byteLength(failure.message)).toBeLessThanOrEqual(8_192);
  });

  const exits = act("process.exit(3);");
  const keepsEmit = act("globalThis.left = emit; emit([line]);");
  const usesLeft = act("globalThis.left([line]);");
  const unreferenced = act("emit([line]); setTimeout(() => emit([line]), 60).unref();");
  it("counts a line of more than 64 MiB as a bad record, and goes on behind it", async () => {
    const part = bench.input("long", `a\n${"x".repeat(65 * 2 ** 20)}\nb\n`);
    const order = bench.order({ job: bench.job(upper), parts: [part], number: 22 });
    const ended = await runAttempt(executor, order);
    expect(bench.output(order, ended)).toBe("A\nB\n");
    if (ended.kind !== "finished") return;
    expect(ended.result.consumed).toMatchObject({ records: 2, badRecords: 1, bytes: part.bytes });
    expect(ended.result.badRecords).toEqual([
      { uri: part.uri, offset: 2, reason: "longer than 64.0 MiB", text: "x".repeat(256) },
    ]);
  });

  it("names the line that ends the process", async () => {
    expect(failureOf(await map(exits, "a\n")).message).toMatch(
      /^Cannot go on: the attempt called process\.exit\(3\); .*\n {4}at .*job bundle:\d+:\d+/,
    );
  });

  it("lets go on what is unreferenced, and names the attempt of an emit that comes when it has ended", async () => {
    expect((await map(keepsEmit, "a\n")).kind).toBe("finished");
    const failure = failureOf(await map(usesLeft, "a\n"));
    expect(failure.code).toBe("E_EMIT_AFTER_END");
    expect(failure.message).toMatch(
      /^Cannot emit: the map that it was given to has returned, in attempt \d+-\d+\.\d+, which has ended; /,
    );
    expect((await map(unreferenced, "a\n")).kind).toBe("finished");
  });

  it("says what was left pending, and what was meant to go on from setup is none of it", async () => {
    const failure = failureOf(
      await mapOf(
        'export default defineJob({ name: "p", input: textLines(), map: (line, emit) => { setInterval(() => 0, 500); setTimeout(() => 0, 9_000); }, output: textTable() });',
      ),
    );
    expect(failure.message).toBe(
      'Cannot finish "map": it left work pending that had not ended 1000 ms after the last record, 2 of Timeout; wait for it in setup, or unref() a timer that is meant to go on',
    );
    const ended = await mapOf(
      'export default defineJob({ name: "p", setup: () => { setInterval(() => 0, 500); }, input: textLines(), map: (line, emit) => { setTimeout(() => 0, 10); emit([line]); }, output: textTable() });',
    );
    expect(ended.kind).toBe("finished");
  });

  it("fails a key or value of the wrong kind with the record's place, also when user code catches it", async () => {
    const cases = [
      ["E_KEY_INVALID", 'emit("\\ud800", 1)'],
      ["E_KEY_INVALID", "emit(7, 1)"],
      ["E_KEY_INVALID", 'try { emit("k".repeat(70_000), 1); } catch {}'],
      ["E_VALUE_INVALID", 'emit("k", "text")'],
    ] as const;
    const emits = cases.map(([, statement]) => `(emit) => { ${statement}; }`);
    const job = bench.job(
      `const emits = [${emits.join(", ")}];\nexport default defineJob({ name: "k", params: { at: millrace.int() }, input: textLines(), map: (line, emit, context) => emits[context.params.at](emit), reduce: sum(), output: textTable() });`,
    );
    const parts = [bench.input("keys", "first\n")];
    for (const [at, [code]] of cases.entries()) {
      const order = bench.order({ job, parts, params: { at: String(at) }, partitions: 1, number: 21 });
      const failure = failureOf(await runAttempt(executor, order));
      expect(failure).toMatchObject({ code, record: { offset: 0, text: "first" } });
      expect(failure.message).toMatch(/\n {4}at .*job bundle:\d+:\d+/);
      expect(existsSync(order.runPath ?? "")).toBe(false);
    }
  });

  it("fails a bundle that throws at import, that has no job, and a wrong parameter", async () => {
    const thrown = failureOf(await mapOf('throw new Error("at import");'));
    expect(thrown).toMatchObject({ code: "E_USER_CODE", message: expect.stringContaining("at import") });
    expect(failureOf(await mapOf("export const x = 1;")).message).toContain("default export");
    const order = bench.order({ job: probe, parts: [], params: { unknown: "1" }, number: 20 });
    expect(failureOf(await runAttempt(executor, order)).code).toBe("E_PARAMETER");
  });

  const endless = act('if (line === "b") { console.log("in the loop"); for (;;); }');
  const copies = act("emit([line]);");
  it("ends an endless loop after the task timeout, and the slot goes on", async () => {
    const loop = bench.input("loop", "a\nb\nc\n");
    const order = bench.order({
      job: probe,
      params: { act: String(endless) },
      parts: [bench.input("before", "a\n"), loop],
      taskTimeoutMs: 2_000,
      number: 20,
    });
    const ended = await runAttempt(executor, order);
    expect(failureOf(ended)).toEqual({
      code: "E_TASK_TIMEOUT",
      message: `Cannot go on: no record was read or written for 2.0 s, the last at byte 2 of "${loop.uri}"; look for an endless loop, or raise the task timeout`,
    });
    expect(ended.log).toMatch(/^in the loop\nE_TASK_TIMEOUT: /);
    expect((await map(copies)).kind).toBe("finished");
  });

  const heapBomb = act("const all = []; for (;;) all.push({ all: [all.length, line] });");
  const bufferBomb = act(
    "const all = []; for (;;) { all.push(Buffer.alloc(2 ** 20, 1)); for (const end = Date.now() + 2; Date.now() < end; ); }",
  );
  it("ends a bomb of objects, and one of buffers, with E_TASK_MEMORY", async () => {
    for (const bomb of [heapBomb, bufferBomb]) expect(failureOf(await map(bomb)).code).toBe("E_TASK_MEMORY");
  });

  const prints = act(
    'console.log("%s is %d", "x", 1); console.error("err"); process.stdout.write("raw\\n"); for (let i = 0; i < 20_000; i++) console.log("y".repeat(1023));',
  );
  it("keeps what synchronous code printed, up to the cap with a mark", async () => {
    const ended = await map(prints, "a\n");
    expect(ended.kind).toBe("finished");
    expect(ended.log.startsWith("x is 1\nerr\nraw\nyyy")).toBe(true);
    expect(ended.log.endsWith("[The log was cut here: it is longer than 10.0 MiB]\n")).toBe(true);
    expect(ended.log.length).toBeLessThan(10 * 2 ** 20 + 100);
  });

  const stopWhenHere = async (order: AttemptOrder): Promise<void> => {
    const { ended } = startAttempt(executor, order);
    const log = (): string => (existsSync(order.logPath) ? readFileSync(order.logPath, "utf8") : "");
    await expect.poll(log, { timeout: 20_000 }).toContain("here");
    executor.stop(order.attempt);
    expect(await ended).toMatchObject({ kind: "stopped" });
    expect(existsSync(order.scratchPath)).toBe(false);
  };

  it.each([
    ["import", 'console.log("here"); await new Promise(() => undefined); export default 1;'],
    [
      "setup",
      'export default defineJob({ name: "s", setup: () => new Promise(() => { console.log("here"); }), input: textLines(), map: () => undefined, output: textTable() });',
    ],
    [
      "map",
      'export default defineJob({ name: "m", input: textLines(), map: () => { console.log("here"); for (;;); }, output: textTable() });',
    ],
  ])("stops an attempt in %s", async (_phase, body) => {
    await stopWhenHere(
      bench.order({ job: bench.job(body), parts: [bench.input(`stop-${jobs}`, "a\n")], number: jobs++ }),
    );
  });

  it("stops an attempt in reduce", async () => {
    const job = bench.job(
      'export default defineJob({ name: "r", input: textLines(), map: (line, emit) => emit(line, line), value: text(), reduce: () => { console.log("here"); for (;;); }, output: textTable() });',
    );
    const mapOrder = bench.order({ job, parts: [bench.input("r", "a\n")], partitions: 1, number: 6 });
    const segments = [bench.segment(mapOrder, await runAttempt(executor, mapOrder), 0)];
    await stopWhenHere(bench.order({ job, segments, partitions: 1, number: 6 }));
  });

  it("stops an attempt at once after its start, before its host is up", async () => {
    const order = bench.order({ job: bench.job(upper), parts: [bench.input("early", "a\n")], number: jobs++ });
    const { ended } = startAttempt(executor, order);
    executor.stop(order.attempt);
    expect(await ended).toMatchObject({ kind: "stopped" });
  });

  const slow = act("const end = Date.now() + 4; while (Date.now() < end);");
  const draws = act("emit([context.random()]);");
  it("reports progress of the runtime's own counting", async () => {
    const ended = await map(slow, "a\n".repeat(100));
    if (ended.kind !== "finished") throw new Error(JSON.stringify(ended));
    // At most one each 250 ms; the machine may give the attempt more time than it asks for.
    expect(ended.progress.length).toBeLessThanOrEqual(ended.result.usage.durationMs / 250 + 2);
    expect(ended.progress[0]).toMatchObject({ phase: "map", bytes: 199 });
  });

  it("fails a reduce whose segment is missing or damaged with E_SEGMENT, also when user code catches it", async () => {
    const job = bench.job(
      'export default defineJob({ name: "v", input: textLines(), map: (line, emit) => emit(line, line), value: text(), reduce: (key, values, emit) => { try { for (const value of values) emit([value]); } catch {} }, output: textTable() });',
    );
    const mapOrder = bench.order({ job, parts: [bench.input("v", "a\nb\n".repeat(50_000))], partitions: 1, number: 8 });
    const segment = bench.segment(mapOrder, await runAttempt(executor, mapOrder), 0);
    const run = readFileSync(segment.path);
    run[Math.floor(run.length * 0.6)]! ^= 1;
    const damaged = bench.input("damaged", run);
    for (const path of [new URL(damaged.uri).pathname, `${segment.path}-gone`]) {
      const order = bench.order({ job, segments: [{ ...segment, path }], partitions: 1, number: 8 });
      expect(failureOf(await runAttempt(executor, order)).code).toBe("E_SEGMENT");
    }
  });

  it("draws the same random numbers in every attempt of a task, others in another task", async () => {
    const parts = [bench.input("random", "a\n")];
    const outputs: string[] = [];
    for (const task of [1, 1, 2]) {
      const order = bench.order({ job: probe, params: { act: String(draws) }, parts, task, number: 20 });
      outputs.push(bench.output(order, await runAttempt(executor, order)));
    }
    expect(outputs[0]).toBe(outputs[1]);
    expect(outputs[0]).not.toBe(outputs[2]);
  });
});
