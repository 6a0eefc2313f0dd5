// What a map output refuses, and that it leaves nothing behind.

import { describe, expect, it, vi } from "vitest";
import {
  count,
  createMapOutput,
  dataLimits,
  intCodec,
  jsonCodec,
  KernelMemory,
  MemoryRunStore,
  sum,
  textCodec,
  tupleCodec,
} from "../../src/index.ts";
import { mapTask, reducePartition, segmentsOf, tools } from "./map-reduce-kit.ts";

// Many cases, and other work on the machine: a time limit here finds hangs, nothing else.
vi.setConfig({ testTimeout: 60_000 });

describe("createMapOutput()", () => {
  const options = {
    key: textCodec,
    value: jsonCodec<unknown>(),
    partitions: 4,
    memoryBytes: 65_536,
    tools,
    runName: "run",
  } as const;

  it.each([
    ["a lone surrogate", "\uD800", 1, "E_KEY_INVALID"],
    ["a key of the wrong type", 7, 1, "E_KEY_INVALID"],
    ["a key above 64 KiB", "x".repeat(dataLimits.keyBytesMax + 1), 1, "E_KEY_INVALID"],
    ["a value of no JSON", "k", undefined, "E_VALUE_INVALID"],
    ["a value above 64 MiB", "k", "x".repeat(dataLimits.recordBytesMax), "E_RECORD_TOO_LARGE"],
  ])("refuses %s", (_name, key, value, code) => {
    const output = createMapOutput({ ...options, store: new MemoryRunStore() });
    expect(() => output.emit(key as string, value)).toThrow(expect.objectContaining({ code }));
    output.discard();
  });
  it("takes a key of 64 KiB", () => {
    const long = "x".repeat(dataLimits.keyBytesMax);
    const run = mapTask(
      [
        [long, 1],
        [`${long.slice(1)}y`, 2],
      ],
      { key: textCodec, aggregator: sum(), partitions: 1, memoryBytes: 1 << 20 },
    );
    expect(reducePartition(segmentsOf([run], 0), { key: textCodec, aggregator: sum() }).groups).toEqual([
      [long, 1],
      [`${long.slice(1)}y`, 2],
    ]);
  });
  it.each([-1, 4, 0.5, Number.NaN, "0", undefined])("refuses a partition of %s", (chosen) => {
    const output = createMapOutput({ ...options, partition: () => chosen as number, store: new MemoryRunStore() });
    expect(() => output.emit("k", 1)).toThrow(expect.objectContaining({ code: "E_USER_CODE" }));
    output.discard();
  });
  it("refuses two partitions of one key", () => {
    let calls = 0;
    const output = createMapOutput({
      key: textCodec,
      aggregator: count(),
      partitions: 4,
      partition: () => calls++,
      memoryBytes: 65_536,
      tools,
      runName: "run",
      store: new MemoryRunStore(),
    });
    output.emit("k", 1);
    expect(() => output.emit("k", 1)).toThrow(expect.objectContaining({ code: "E_USER_CODE" }));
    output.discard();
  });
  it("uses the job's partition function", () => {
    const run = mapTask(
      [
        ["a", 1],
        ["bb", 2],
        ["ccc", 3],
      ],
      { key: textCodec, value: intCodec, partitions: 4, partition: (key) => key.length },
    );
    expect(run.result.vector.pairs).toEqual([0, 1, 1, 1]);
  });
  it.each([{ aggregator: sum() }, { value: intCodec }])("cuts partitions at key ranges, with %o", (pairs) => {
    const cuts = ["b", "c", "c"].map((text) => new TextEncoder().encode(text));
    const run = mapTask(
      [
        ["a", 1],
        ["c", 2],
        ["bb", 3],
        ["zz", 4],
        ["", 5],
      ],
      { key: textCodec, ...pairs, partitions: 4, cuts },
    );
    expect(run.result.vector.pairs).toEqual([2, 1, 0, 2]);
    expect(reducePartition(segmentsOf([run], 0), { key: textCodec, ...pairs }).groups.map(([key]) => key)).toEqual([
      "",
      "a",
    ]);
  });
  it("refuses options that do not fit together", () => {
    const store = new MemoryRunStore();
    const combine = { pairs: 10, run: () => undefined };
    for (const wrong of [
      { aggregator: count() },
      { value: undefined },
      { orderBy: intCodec, combine },
      { value: undefined, aggregator: count(), combine },
      { partitions: 0 },
      { cuts: [] },
      { partitions: 2, cuts: [Uint8Array.of(1)], partition: () => 0 },
      { memoryBytes: 1000 },
      { combine: { ...combine, pairs: 0 } },
    ]) {
      expect(() => createMapOutput({ ...options, ...(wrong as object), store })).toThrow(
        expect.objectContaining({ code: "E_JOB_INVALID" }),
      );
    }
  });
  it("gives memory back and removes files when it is discarded, at any moment", () => {
    const memory = new KernelMemory(65_536);
    for (const pairs of [0, 10, 10_000]) {
      const store = new MemoryRunStore();
      const output = createMapOutput({ ...options, memory, store });
      for (let index = 0; index < pairs; index++) output.emit(`key ${index}`, index);
      output.discard();
      output.discard();
      expect(store.files.size).toBe(0);
      memory.budget.close();
    }
  });
  it("leaves no file behind when the disk fails in a spill, and the error is the disk's", () => {
    const store = new MemoryRunStore();
    let writes = 0;
    const failing = {
      openRun: (name: string) => store.openRun(name),
      removeRun: (name: string) => store.removeRun(name),
      createRun: (name: string) => ({
        ...store.createRun(name),
        write: () => {
          if (++writes > 3) throw new Error("ENOSPC");
        },
      }),
    };
    const output = createMapOutput({ ...options, store: failing });
    expect(() => {
      for (let index = 0; index < 100_000; index++) output.emit(`key ${index}`, index);
    }).toThrow("ENOSPC");
    output.discard();
    expect(store.files.size).toBe(0);
  });
  it("takes tuples of anything as keys", () => {
    const key = tupleCodec(textCodec, intCodec);
    const pairs = [
      [["b", 1], 1],
      [["a", 2], 2],
      [["a", -5], 3],
      [["", 0], 4],
    ] as const;
    const run = mapTask<readonly [string, number], number, never>(pairs, { key, value: intCodec, partitions: 1 });
    expect(reducePartition(segmentsOf([run], 0), { key, value: intCodec }).groups.map(([found]) => found)).toEqual([
      ["", 0],
      ["a", -5],
      ["a", 2],
      ["b", 1],
    ]);
  });
});
