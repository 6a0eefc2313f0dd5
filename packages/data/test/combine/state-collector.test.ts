// A log in a table's place against a table: the same run file, byte for byte.

import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { StateCollector } from "../../src/combine/state-collector.ts";
import {
  type Aggregator,
  type KernelMemory,
  MemoryRunStore,
  count,
  createKernelMemory,
  createMapOutput,
  mean,
  sum,
  textCodec,
} from "../../src/index.ts";
import { KeyBuffer } from "../../src/map/key-buffer.ts";
import { SpillSet } from "../../src/map/spill-set.ts";
import { type AnyOptions, type Ran, runPairs } from "../kernel/kernel-kit.ts";
import { tools } from "../map/map-reduce-kit.ts";

vi.setConfig({ testTimeout: 60_000 });

const memoryBytes = 65_536;
const kernelMemory = createKernelMemory(memoryBytes);

type Pairs = readonly (readonly [key: string, value: number])[];

interface Settings {
  readonly aggregator?: Aggregator<never, unknown>;
  readonly partitions?: number;
  readonly blockRawBytesMax?: number;
  readonly logKeysMin?: number;
}

function run(pairs: Pairs, settings: Settings, memory?: KernelMemory): Omit<Ran, "left"> {
  const options = { key: textCodec, aggregator: sum(), partitions: 3, ...settings } as unknown as AnyOptions;
  return runPairs(pairs, options, { memoryBytes, memory });
}

function expectTwins(pairs: Pairs, settings: Settings): Omit<Ran, "left"> {
  const byLog = run(pairs, { logKeysMin: 1, ...settings }, kernelMemory);
  expect(Buffer.compare(byLog.run, run(pairs, settings).run)).toBe(0);
  return byLog;
}

/** Texts of which most differ, up to some number that makes them begin anew. */
const keysOf = fc.record({
  before: fc.constantFrom("", "k", "sixteen-letters-", "a prefix of more than sixteen letters: "),
  after: fc.constantFrom("", "x", "\u00e9", "y".repeat(300)),
  period: fc.constantFrom(300, 700, 1500, 100_000),
  length: fc.integer({ min: 1, max: 2500 }),
  values: fc.array(
    fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: -3, max: 300 }) },
      { weight: 1, arbitrary: fc.constantFrom(2 ** 53 - 1, -(2 ** 53), 2 ** 31, 0.5, Number.NaN) },
    ),
    { minLength: 1, maxLength: 7 },
  ),
});

describe("StateCollector", () => {
  it("gives the run of a table, whatever keys and states there are", () => {
    fc.assert(
      fc.property(
        keysOf,
        fc.record({
          partitions: fc.integer({ min: 1, max: 9 }),
          blockRawBytesMax: fc.constantFrom(64, 300, 5000, 262_144),
          aggregator: fc.constantFrom(sum(), count()) as never,
        }),
        ({ before, after, period, length, values }, settings) => {
          const pairs = Array.from({ length }, (_, index) => {
            const number = Math.imul(index % period, 2_654_435_761) >>> 0;
            return [`${before}${number}${after}`, values[index % values.length]!] as const;
          });
          expectTwins(pairs, settings as never);
        },
      ),
      { numRuns: 120 },
    );
  });

  it("holds more keys in a log than in a table", () => {
    const pairs = Array.from({ length: 9000 }, (_, index) => [`key ${index}`, 1] as const);
    const { spills } = expectTwins(pairs, {});
    expect(spills).toBeLessThan(run(pairs, {}, kernelMemory).spills);
  });

  it("becomes a table again when keys of a log come often", () => {
    const pairs = Array.from({ length: 30_000 }, (_, index) => [`key ${index % 400}`, 1] as const);
    // 400 keys are enough for a log of 1 in 16 repeats, and one run of it is the last.
    expect(expectTwins(pairs, {}).spills).toBe(1);
  });

  it("becomes a table again for a kernel that knows tables alone", () => {
    const pairs = Array.from({ length: 900 }, (_, index) => [`key ${index}`, 1] as const);
    const store = new MemoryRunStore();
    const output = createMapOutput<unknown, unknown>({
      key: textCodec as never,
      aggregator: sum() as never,
      partitions: 3,
      memoryBytes,
      memory: kernelMemory,
      store,
      tools,
      runName: "run",
      logKeysMin: 1,
    });
    for (const [key, value] of pairs) output.emit(key, value);
    let isTable = false;
    output.foldByKernel!((block) => {
      // Bytes of a log: see kernels/log.ts.
      isTable = kernelMemory.place!.words[(block >>> 2) + 9] === 0;
      return 0;
    });
    for (const [key, value] of pairs) output.emit(key, value);
    output.finish();
    expect(isTable).toBe(true);
    expect(Buffer.compare(store.files.get("run")!, run([...pairs, ...pairs], {}).run)).toBe(0);
  });

  it("is a table while keys come more than once", () => {
    const { states, emit } = collect({ logKeysMin: 1 });
    for (let index = 0; index < 2000; index++) emit(`key ${index >> 1}`);
    expect(states.isTable).toBe(true);
  });

  it("is a table where states are none that kernels add up", () => {
    const { states, emit } = collect({ logKeysMin: 1, aggregator: mean() as never });
    for (let index = 0; index < 300; index++) emit(`key ${index}`);
    expect(states.isTable).toBe(true);
  });

  it("is a table before there are enough keys, and a log then", () => {
    const { states, emit } = collect({ logKeysMin: 200 });
    for (let index = 0; index < 200; index++) emit(`key ${index}`);
    expect(states.isTable).toBe(true);
    for (let index = 200; index < 400; index++) emit(`key ${index}`);
    expect(states.isTable).toBe(false);
    expect(states.count).toBe(400);
    states.clear();
    expect([states.isTable, states.count]).toEqual([true, 0]);
  });
});

/** A collector of its own, asked for room as a kernel would. */
function collect({ logKeysMin, aggregator = count() as never }: Settings): {
  readonly states: StateCollector<unknown>;
  readonly emit: (key: string) => void;
} {
  const memory = createKernelMemory(memoryBytes);
  const place = { task: 0, position: 0 };
  const states = new StateCollector<unknown>(memory.borrow(), {
    aggregator: aggregator as never,
    place,
    partitions: 2,
    checksPartition: false,
    kernelMemory: memory,
    logKeysMin,
  });
  const store = new MemoryRunStore();
  const spills = new SpillSet({ store, tools, partitions: 2, runName: "run", aggregator, memory }, "");
  const key = new KeyBuffer();
  const emit = (text: string): void => {
    if (states.isTable && !states.makeRoomOrLog(0) && states.count > 700) spills.write((to) => states.writeTo(to));
    textCodec.encodeTo(text, key.begin().sink);
    key.end();
    expect(states.add((key.hash >>> 0) % 2, key, 1)).toBe(true);
    place.position++;
  };
  return { states, emit };
}
