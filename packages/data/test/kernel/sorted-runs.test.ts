// Runs that kernels sort and write against those of their twins: the same files, byte for byte.

import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { type MapOutputOptions, bytesCodec, count, createKernelMemory, intCodec, sum } from "../../src/index.ts";
import { seededRandom } from "../seeded-random.ts";
import { type AnyOptions, runPairs } from "./kernel-kit.ts";

vi.setConfig({ testTimeout: 60_000 });

const memoryBytes = 131_072;
const kernelMemory = createKernelMemory(memoryBytes);

type Pair = readonly [key: Uint8Array, value: unknown];

type Options = Partial<MapOutputOptions<unknown, unknown>>;

function run(pairs: readonly Pair[], { memoryBytes: bytes = memoryBytes, memory, ...options }: Options): Uint8Array {
  const given = { key: bytesCodec, partitions: 3, ...options } as unknown as AnyOptions;
  return runPairs(pairs, given, { memoryBytes: bytes, memory }).run;
}

function expectEqualRuns(pairs: readonly Pair[], options: Options): void {
  const byKernel = run(pairs, { ...options, memory: kernelMemory });
  expect(Buffer.compare(byKernel, run(pairs, options))).toBe(0);
}

const prefix = new TextEncoder().encode("forty bytes that all of these keys have!");

function withPrefix(rest: Uint8Array): Uint8Array {
  return Uint8Array.of(...prefix, ...rest);
}

const few = fc.uint8Array({ maxLength: 6, max: 2 });
const keys = fc.oneof(
  { weight: 4, arbitrary: few },
  { weight: 4, arbitrary: few.map(withPrefix) },
  { weight: 4, arbitrary: fc.uint8Array({ maxLength: 24 }) },
  {
    weight: 2,
    arbitrary: fc.tuple(few, few).map(([a, b]) => Uint8Array.of(...a, ...new Uint8Array(17).fill(7), ...b)),
  },
  { weight: 1, arbitrary: fc.integer({ min: 250, max: 700 }).map((length) => new Uint8Array(length).fill(9)) },
);
const values = fc.oneof(
  { weight: 20, arbitrary: fc.uint8Array({ maxLength: 30 }) },
  { weight: 2, arbitrary: fc.integer({ min: 31, max: 2000 }).map((length) => new Uint8Array(length).fill(1)) },
  { weight: 1, arbitrary: fc.integer({ min: 60_000, max: 70_000 }).map((length) => new Uint8Array(length).fill(2)) },
);
const settings = fc.record({
  partitions: fc.integer({ min: 1, max: 9 }),
  blockRawBytesMax: fc.constantFrom(64, 300, 5000, 262_144),
});

describe("runs", () => {
  it("of pairs are the same by kernels, in several spills too", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(keys, values), { maxLength: 600, size: "max" }), settings, (pairs, options) => {
        expectEqualRuns(pairs, { ...options, value: bytesCodec as never });
      }),
      { numRuns: 60 },
    );
  });

  it("of counts and sums are the same by kernels, whatever the sums are", () => {
    const amounts = fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: -3, max: 300 }) },
      { weight: 1, arbitrary: fc.constantFrom(2 ** 53 - 1, -(2 ** 53), 2 ** 31, -(2 ** 32), 65_536, 0.5, Number.NaN) },
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(keys, amounts), { maxLength: 600, size: "max" }),
        settings,
        fc.boolean(),
        (pairs, options, isSum) => {
          expectEqualRuns(pairs, { ...options, aggregator: (isSum ? sum() : count()) as never });
        },
      ),
      { numRuns: 60 },
    );
  });

  it("of many keys are the same by kernels: wide digits, ties at each depth, cuts", () => {
    const pairs = Array.from({ length: 30_000 }, (_, index): Pair => {
      const number = Math.imul(index, 2_654_435_761) >>> 0;
      const text = index % 3 === 0 ? `${number % 977}` : `${"x".repeat(index % 41)}${number % 5000}`;
      return [new TextEncoder().encode(text), index];
    });
    const cuts = ["2", "5", "xxx3"].map((text) => new TextEncoder().encode(text));
    expectEqualRuns(pairs, { value: intCodec as never, partitions: 4, cuts });
    expectEqualRuns(pairs, { aggregator: sum() as never, partitions: 4, cuts });
    const large = createKernelMemory(1 << 23);
    const options = { value: intCodec as never, memoryBytes: 1 << 23 };
    expect(Buffer.compare(run(pairs, { ...options, memory: large }), run(pairs, options))).toBe(0);
  });

  it("of keys that all begin alike are the same by kernels, whatever follows and wherever they end", () => {
    const rests = fc.array(fc.tuple(few, fc.constant(Uint8Array.of(1))), { maxLength: 300, size: "max" });
    const lengths = fc.constantFrom(1, 3, 4, 5, 8, 11, 255, 256, 257, 300);
    fc.assert(
      fc.property(rests, lengths, fc.integer({ min: 1, max: 3 }), (given, length, partitions) => {
        const alike = new Uint8Array(length).fill(7);
        const pairs = given.map(([rest, value]): Pair => [Uint8Array.of(...alike, ...rest), value]);
        expectEqualRuns(pairs, { partitions, value: bytesCodec as never });
      }),
      { numRuns: 60 },
    );
    const numbers = Array.from({ length: 30_000 }, (_, index): Pair => {
      const number = (Math.imul(index, 2_654_435_761) >>> 0) % 20_000;
      return [new TextEncoder().encode(`${1_000_000_000 + number}`), index];
    });
    const options = { value: intCodec as never, memoryBytes: 1 << 23 };
    expect(
      Buffer.compare(run(numbers, { ...options, memory: createKernelMemory(1 << 23) }), run(numbers, options)),
    ).toBe(0);
  });

  it("of keys of few kinds of bytes are the same by kernels, whatever can be told of their bytes ahead", () => {
    const alphabets = fc.record({
      // Of each byte: the least, and how many kinds there are.
      bytes: fc.array(fc.tuple(fc.integer({ min: 0, max: 255 }), fc.constantFrom(1, 2, 3, 10, 26, 128, 256)), {
        minLength: 1,
        maxLength: 24,
        size: "max",
      }),
      shortest: fc.integer({ min: 0, max: 24 }),
      count: fc.constantFrom(20, 300, 3000),
      kinds: fc.constantFrom(3, 200, 2 ** 32),
      seed: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      partitions: fc.integer({ min: 1, max: 3 }),
    });
    const memory = createKernelMemory(1 << 20);
    fc.assert(
      fc.property(alphabets, ({ bytes, shortest, count: pairCount, kinds, seed, partitions }) => {
        const pairs = Array.from({ length: pairCount }, (_, index): Pair => {
          const random = seededRandom((Math.imul(index + 1, seed) >>> 0) % kinds);
          const key = Uint8Array.from(bytes, ([least, of]) => Math.min(255, least + Math.floor(random() * of)));
          const least = Math.min(shortest, key.length);
          return [key.subarray(0, least + Math.floor(random() * (key.length - least + 1))), index & 255];
        });
        for (const options of [{ value: intCodec }, { aggregator: sum() }] as never[]) {
          const given = { ...(options as Options), partitions, memoryBytes: 1 << 20 };
          expect(Buffer.compare(run(pairs, { ...given, memory }), run(pairs, given))).toBe(0);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("of a thousand partitions are the same by kernels", () => {
    const pairs = Array.from({ length: 3000 }, (_, index): Pair => [Uint8Array.of(index, index >>> 8), index]);
    expectEqualRuns(pairs, { value: intCodec as never, partitions: 1000 });
    expectEqualRuns(pairs, { aggregator: count() as never, partitions: 1000 });
  });
});
