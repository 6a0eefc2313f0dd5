// Keys that wait for a kernel against keys that are added one by one: the same run file, byte for byte.

import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import {
  type Aggregator,
  type KernelMemory,
  type KeyCodec,
  MemoryRunStore,
  bytesCodec,
  count,
  createKernelMemory,
  createMapOutput,
  intCodec,
  mean,
  sum,
  sumOfIntegers,
  textCodec,
  tupleCodec,
} from "../../src/index.ts";
import { tools } from "./map-reduce-kit.ts";

vi.setConfig({ testTimeout: 60_000 });

const memoryBytes = 65_536;
const kernelMemory = createKernelMemory(memoryBytes);
/** As on a machine that refuses the modules: keys wait, and are added one by one. */
const refusingMemory = Object.assign(createKernelMemory(memoryBytes), { open: () => undefined });

type Pairs = readonly (readonly [key: unknown, value: unknown])[];

interface Job {
  readonly aggregator: Aggregator<never, unknown>;
  readonly key?: KeyCodec<never>;
  readonly partitions: number;
}

interface Ran {
  readonly run: string;
  readonly pairsEmitted: number;
  readonly spills: number;
  readonly refused: readonly string[];
}

function run(pairs: Pairs, { aggregator, key = textCodec as never, partitions }: Job, memory?: KernelMemory): Ran {
  const store = new MemoryRunStore();
  const output = createMapOutput<unknown, unknown>({
    key: key as never,
    aggregator: aggregator as never,
    partitions,
    memoryBytes,
    ...(memory === undefined ? {} : { memory }),
    store,
    tools,
    runName: "run",
  });
  const refused: string[] = [];
  for (const [pairKey, value] of pairs) {
    try {
      output.emit(pairKey, value);
    } catch (thrown) {
      refused.push((thrown as Error).message);
    }
  }
  const { pairsEmitted, spills } = output.finish();
  return { run: runOf(store), pairsEmitted, spills, refused };
}

function runOf(store: MemoryRunStore): string {
  return Buffer.from(store.files.get("run")!).toString("latin1");
}

function expectTwins(pairs: Pairs, job: Job): Ran {
  const byKernel = run(pairs, job, kernelMemory);
  const byTwin = run(pairs, job);
  expect(byKernel).toEqual(byTwin);
  expect(run(pairs, job, refusingMemory)).toEqual(byTwin);
  return byKernel;
}

const texts = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[!-~]{0,20}$/u) },
  {
    weight: 3,
    arbitrary: fc.constantFrom("", "a", "the", "x\0y", "aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaab", "aaaaaaaaaaaaaaaa0"),
  },
  { weight: 2, arbitrary: fc.constantFrom("na\u00efve", "\u{1f642}", "\u00a0", "a\u3000b", "\ufeffx", "\x7f", "\x80") },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(15, 16, 17, 48, 49, 253, 254, 255, 256, 1023, 1024, 1025, 3000)
      .map((length) => "y".repeat(length)),
  },
  { weight: 1, arbitrary: fc.constantFrom("\ud800", 7, undefined) },
);
const numbers = fc.oneof(
  { weight: 6, arbitrary: fc.constant(1) },
  { weight: 3, arbitrary: fc.integer({ min: -5, max: 5 }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(-0, 0.5, 1e300, NaN, Infinity, 2 ** 53 - 1, -(2 ** 53) + 1, 2 ** 53, 2 ** 52),
  },
  { weight: 1, arbitrary: fc.constantFrom("1", null, undefined) },
);

describe("createMapOutput() with keys that wait for a kernel", () => {
  it("writes and refuses what it does without", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(texts, numbers), { maxLength: 300 }),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom<Aggregator<never, unknown>>(sum(), count(), sumOfIntegers(), mean()),
        (pairs, partitions, aggregator) => {
          expectTwins(pairs, { aggregator, partitions });
        },
      ),
      { numRuns: 1500 },
    );
  });

  it("hashes keys of every length beside keys of every other", () => {
    const lengths = Array.from({ length: 19 }, (_, length) => length);
    // Of all bytes that are characters by themselves.
    const keyOf = (length: number, seed: number): string =>
      Array.from({ length }, (_, index) => String.fromCharCode((seed * 31 + index * 17) % 128)).join("");
    const pairs = lengths.flatMap((first) =>
      lengths.flatMap((second) =>
        [first, second, 3, first, 16, second, second].map((length, lane) => [keyOf(length, first + lane), 1] as const),
      ),
    );
    expectTwins(pairs, { aggregator: sum(), partitions: 7 });
  });

  it("emits the key for which there was no room as it is, though the kernel leaves others", () => {
    const pairs = Array.from({ length: 3000 }, (_, index) => [`key ${index % 301}`, 2 ** 53 - 1] as const);
    expectTwins(pairs, { aggregator: sum(), partitions: 1 });
  });

  it("takes keys of every codec", () => {
    const ints = fc.oneof(fc.integer(), fc.constantFrom(2 ** 53 - 1, 0.5, "x"));
    fc.assert(
      fc.property(fc.array(fc.tuple(ints, numbers), { maxLength: 300 }), (pairs) => {
        expectTwins(pairs, { aggregator: sum(), key: intCodec as never, partitions: 3 });
      }),
      { numRuns: 200 },
    );
  });

  it("takes keys of several parts where they wait, up to the queue's end, and nothing of one that is refused", () => {
    const key = tupleCodec(textCodec, textCodec);
    const refused = expectTwins(
      Array.from({ length: 6000 }, (_, index) => {
        // 40 bytes on average, that the end is met by bytes and not by keys; some of which only the first part is good.
        const first = "\0".repeat(index % 5) + "k".repeat((index * 7919) % (index % 97 === 0 ? 1100 : 90));
        return [[first, index % 31 === 0 ? "\ud800" : index % 7 === 0 ? "\u00e9" : `${index % 50}`], 1] as const;
      }),
      { aggregator: sum(), key: key as never, partitions: 3 },
    ).refused;
    expect(refused.length).toBe(Math.ceil(6000 / 31));
  });

  it("spills where the table is full, and goes on", () => {
    const pairs = Array.from(
      { length: 100_000 },
      (_, index) => [`${"k".repeat(index % 40)}${(index * 7919) % 20_011}`, index % 11 === 0 ? 0.25 : index] as const,
    );
    expect(expectTwins(pairs, { aggregator: sum(), partitions: 4 }).spills).toBeGreaterThan(3);
  });

  it("takes keys from where they lie in kernel memory, spills among them", () => {
    const slices = fc.array(fc.tuple(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: 0, max: 1100 }), numbers), {
      maxLength: 3000,
      size: "max",
    });
    // Keys are few at the end of the text, and most others come once.
    const { chunk } = kernelMemory;
    const text = Array.from({ length: 42_000 }, (_, index) =>
      index < 30_000 ? String.fromCharCode(33 + ((index * index * 7919) % 90)) : "ab"[index % 2],
    ).join("");
    fc.assert(
      fc.property(slices, fc.constantFrom(textCodec, bytesCodec), (given, key) => {
        chunk.set(new TextEncoder().encode(text));
        const store = new MemoryRunStore();
        const output = createMapOutput<unknown, unknown>({
          key: key as never,
          aggregator: sum() as never,
          partitions: 3,
          memoryBytes,
          memory: kernelMemory,
          store,
          tools,
          runName: "run",
        });
        const keyOf = (begin: number, end: number): unknown =>
          key === textCodec ? text.slice(begin, end) : Uint8Array.from(chunk.subarray(begin, end));
        const pairs: [unknown, unknown][] = [];
        for (const [begin, length, value] of given) {
          if (typeof value !== "number") continue;
          pairs.push([keyOf(begin, begin + length), value]);
          const from = chunk.byteOffset + begin;
          if (output.slices?.take(from, from + length, value) !== true)
            output.emit(keyOf(begin, begin + length), value);
        }
        output.slices?.settle();
        chunk.fill(0);
        const { pairsEmitted, spills } = output.finish();
        const bySlices: Ran = { run: runOf(store), pairsEmitted, spills, refused: [] };
        expect(bySlices).toEqual(run(pairs, { aggregator: sum(), key: key as never, partitions: 3 }));
      }),
      { numRuns: 60 },
    );
  });

  it("takes slices of texts and bytes alone, for states that are counts or sums", () => {
    const hasSlices = (options: object): boolean => {
      const output = createMapOutput<unknown, unknown>({
        key: textCodec as never,
        aggregator: count() as never,
        partitions: 2,
        memoryBytes,
        memory: kernelMemory,
        store: new MemoryRunStore(),
        tools,
        runName: "run",
        ...options,
      });
      output.discard();
      return output.slices !== undefined;
    };
    expect(hasSlices({})).toBe(true);
    expect(hasSlices({ key: bytesCodec })).toBe(true);
    expect(hasSlices({ key: intCodec })).toBe(false);
    expect(hasSlices({ aggregator: mean() })).toBe(false);
    expect(hasSlices({ aggregator: undefined, value: intCodec })).toBe(false);
    expect(hasSlices({ partition: () => 0 })).toBe(false);
    expect(hasSlices({ cuts: [Uint8Array.of(7)] })).toBe(false);
    expect(hasSlices({ memory: undefined })).toBe(false);
  });

  it("refuses pairs after the end", () => {
    const output = createMapOutput<string, number>({
      key: textCodec,
      aggregator: sum(),
      partitions: 1,
      memoryBytes,
      memory: kernelMemory,
      store: new MemoryRunStore(),
      tools,
      runName: "run",
    });
    output.emit("a", 1);
    output.finish();
    expect(() => {
      output.emit("a", 1);
    }).toThrow("pairs are emitted before the end");
  });
});
