// Rows of a join as bytes against the function that says what they are: the same file, or the same refusal.

import { MemoryRunStore, crc32, createKernelMemory, createMapOutput, createReduceInput } from "@millrace/data";
import type { JoinKind, KernelMemory, MapOutputResult, ReduceInput } from "@millrace/data";
import type { OutputFile } from "@millrace/core";
import { textLines } from "@millrace/formats";
import { choice, defineJoin, eachJoinedText, text } from "@millrace/sdk";
import { jobProgram } from "@millrace/sdk/engine";
import type { ReduceProgram, ShuffleProgram } from "@millrace/sdk/engine";
import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { createMeterCells } from "../../src/attempt/attempt-meter.ts";
import type { AttemptRun } from "../../src/attempt/attempt-run.ts";
import { OutputFileWriter } from "../../src/attempt/output-file.ts";
import { joinedOf, writeJoined } from "../../src/attempt/write-joined.ts";
import type { Joined } from "../../src/attempt/write-joined.ts";

vi.setConfig({ testTimeout: 60_000 });

const kinds = ["inner", "left", "right", "outer", "semi", "anti"] as const;
const side = { input: textLines(), value: text(), map: () => undefined };
const job = defineJoin({
  name: "joined",
  params: { kind: choice(...kinds, { default: "inner" }) },
  inputs: { a: side, b: side },
  reduce: eachJoinedText({ kind: "kind" }),
  output: textLines(),
});
const program = jobProgram(job);
const format = program.outputs[0]?.format;
const reduceProgram = program.stages.flatMap((stage) => (stage.kind === "reduce" ? [stage.reduce] : []))[0];
const shuffleProgram = program.stages.flatMap((stage) => (stage.kind === "map" ? [stage.sink.shuffle] : []))[0];
if (format === undefined || reduceProgram === undefined || shuffleProgram === undefined) throw new Error("no join");
const output = format;
const reduce: ReduceProgram = reduceProgram;
const shuffle: ShuffleProgram = shuffleProgram;

type Pair = readonly [key: string, side: number, text: string];
type Groups = ReduceInput<unknown, unknown, unknown>;
interface Written {
  readonly lines: string;
  readonly file: OutputFile | undefined;
  readonly failure: string | undefined;
}

const tools = { crc32, codecs: [] };
const mapMemory = createKernelMemory(65_536);
const reduceMemory = createKernelMemory(2 ** 23);

/** How they are merged. */
interface Merged {
  readonly memory?: KernelMemory;
  readonly blockRawBytesMax?: number;
}

/** The pairs of some map tasks, merged. */
function groupsOf(tasks: readonly (readonly Pair[])[], { memory, blockRawBytesMax = 262_144 }: Merged = {}): Groups {
  const store = new MemoryRunStore();
  const { key, orderBy, pairs } = shuffle;
  if (orderBy === undefined || pairs.kind !== "value") throw new Error("no join");
  const runs = tasks.map((given, task): MapOutputResult => {
    const { value } = pairs;
    const options = {
      key,
      orderBy,
      value,
      partitions: 1,
      blockRawBytesMax,
      memoryBytes: 65_536,
      memory: mapMemory,
      store,
      tools,
    };
    const map = createMapOutput<unknown, unknown, unknown>({ ...options, runName: `run-${task}` });
    for (const [name, from, value] of given) map.emit(name, { side: from, value, bytes: 0 }, from);
    return map.finish();
  });
  return createReduceInput<unknown, unknown, unknown, unknown>({
    key,
    orderBy,
    value: pairs.value,
    segments: runs.map(({ vector }, task) => ({
      task,
      open: () => store.openRun(`run-${task}`),
      form: "run",
      partition: 0,
      expected: { pairs: vector.pairs[0]!, rawBytes: vector.rawBytes[0]!, digest: vector.digests[0]! },
    })),
    store,
    tools,
    ...(memory === undefined ? {} : { memory }),
    runName: "merge",
  });
}

/** What a way of reducing writes. */
function written(groups: Groups, way: (file: OutputFileWriter) => void): Written {
  let bytes = Buffer.alloc(0);
  const open = () => ({
    write: (more: Uint8Array): void => {
      bytes = Buffer.concat([bytes, more]);
    },
    close: () => bytes.length,
    discard: () => undefined,
  });
  const file = new OutputFileWriter({ output: "", path: "part", open, writer: output.createWriter(), crc32 });
  try {
    way(file);
    groups.finish();
    return { file: file.finish(), lines: bytes.toString("utf8"), failure: undefined };
  } catch (thrown) {
    groups.discard();
    return { file: undefined, lines: "", failure: (thrown as Error).message };
  }
}

function byFunction(tasks: readonly (readonly Pair[])[], kind: JoinKind): Written {
  const groups = groupsOf(tasks);
  if (reduce.kind !== "function") throw new Error("no join");
  const { run } = reduce;
  return written(groups, (file) => {
    while (groups.nextGroup()) {
      const emit = (record: unknown): void => file.write(record);
      run(groups.key(), groups.values(), emit, { params: { kind } } as never);
      file.noteKey(groups.keyBytes());
    }
  });
}

function joinedBy(kind: JoinKind): Joined {
  const joined = joinedOf({ reduce, shuffle, format: output as never, params: { kind } });
  if (joined === undefined) throw new Error("no plan");
  return joined;
}

function byBytes(tasks: readonly (readonly Pair[])[], joined: Joined, merged: Merged = {}): Written {
  const groups = groupsOf(tasks, merged);
  const run = {
    input: { meter: createMeterCells() },
    gate: {},
    part: 0,
    files: { noteFailure: (thrown: unknown) => thrown },
  } as unknown as AttemptRun;
  return written(groups, (file) => {
    writeJoined(run, { file, groups, joined });
  });
}

describe("writeJoined()", () => {
  it("writes what the function writes, and refuses what it refuses", () => {
    const texts = fc.oneof(
      { weight: 12, arbitrary: fc.stringMatching(/^[a-b\0]{0,3}$/u) },
      { weight: 6, arbitrary: fc.constantFrom("é", "\u{1f642}", "\r", "\uFEFF", "x".repeat(40)) },
      { weight: 1, arbitrary: fc.constantFrom("y".repeat(70_000), "\n", "a\nb") },
    );
    const keys = fc.constantFrom("", "a", "ab", "\0", "a\0", "é", "zz\n");
    const pairs = fc.array(fc.tuple(keys, fc.integer({ min: 0, max: 1 }), texts), { maxLength: 24, size: "max" });
    fc.assert(
      fc.property(fc.array(pairs, { maxLength: 3 }), fc.constantFrom(...kinds), (tasks, kind) => {
        const rows = byFunction(tasks, kind);
        expect(byBytes(tasks, joinedBy(kind))).toEqual(rows);
        expect(byBytes(tasks, joinedBy(kind), { memory: reduceMemory })).toEqual(rows);
        expect(byBytes(tasks, joinedBy(kind), { memory: reduceMemory, blockRawBytesMax: 64 })).toEqual(rows);
      }),
      { numRuns: 400 },
    );
  });

  it("hands rows on in blocks", () => {
    const tasks = [
      Array.from({ length: 30_000 }, (_, index): Pair => [`key ${index % 700}`, 0, `, left ${index}`]),
      Array.from({ length: 3_000 }, (_, index): Pair => [`key ${index % 900}`, 1, `, right ${index}`]),
    ];
    for (const kind of kinds) {
      const rows = byFunction(tasks, kind);
      expect(byBytes(tasks, joinedBy(kind))).toEqual(rows);
      expect(byBytes(tasks, joinedBy(kind), { memory: reduceMemory })).toEqual(rows);
    }
    expect(byFunction(tasks, "outer").lines.length).toBeGreaterThan(2 ** 20);
  });

  it("goes on with a key whose values have no room in kernel memory", () => {
    const tasks = [
      Array.from({ length: 2_200 }, (_, index): Pair => ["hot", 0, `, left ${"x".repeat(2_000)} ${index}`]),
      [["cold", 0, ", alone"] as const, ["hot", 1, ", right"] as const, ["hot", 1, ", other"] as const],
    ];
    for (const kind of kinds)
      expect(byBytes(tasks, joinedBy(kind), { memory: reduceMemory })).toEqual(byFunction(tasks, kind));
  });

  it("refuses a key whose first values take more than they may, as the function does", () => {
    const pairs = Array.from({ length: 2 }, (): Pair => ["hot", 0, "x".repeat(33 * 2 ** 20)]);
    const { failure } = byBytes([pairs], joinedBy("anti"));
    expect(byBytes([pairs], joinedBy("anti"), { memory: reduceMemory }).failure).toBe(failure);
    expect(failure).toMatch(/^Cannot join the key "hot" of job "joined": with its input "a" .* after 1 values/u);
    expect(failure).toBe(byFunction([pairs], "anti").failure);
  });
});

describe("joinedOf()", () => {
  const params = { kind: "inner" };

  it("takes texts by a key of text, as lines", () => {
    const wire = { oneOf: { a: "text", b: "int" } };
    if (shuffle.pairs.kind !== "value") throw new Error("no join");
    const pairs = { ...shuffle.pairs, value: { ...shuffle.pairs.value, wire } };
    expect(joinedOf({ reduce, shuffle, format: output as never, params })?.kind).toBe("inner");
    expect(joinedOf({ reduce, shuffle: { ...shuffle, pairs }, format: output as never, params })).toBeUndefined();
    const { rows: _, ...noRows } = output;
    expect(joinedOf({ reduce, shuffle, format: noRows as never, params })).toBeUndefined();
  });
});
