// Records that a kernel puts into the sort buffer against those emitted one by one: the same run file.

import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import {
  type MapOutputOptions,
  addLinesAsKeys,
  addPairsOfRecords,
  booleanCodec,
  bytesCodec,
  createKernelMemory,
  doubleCodec,
  optionalCodec,
  sum,
  textCodec,
  tupleCodec,
} from "../../src/index.ts";
import {
  type AnyOptions,
  type MapSetup,
  type Ran,
  countSearched,
  expectTwins,
  outputOf,
  runMap,
} from "./kernel-kit.ts";

vi.setConfig({ testTimeout: 60_000 });

const memoryBytes = 65_536;
const kernelMemory = createKernelMemory(memoryBytes);

interface Way {
  readonly chunkBytes: number;
  readonly inPlace?: boolean;
  readonly partitions: number;
  readonly cuts?: readonly Uint8Array[];
}

function optionsOf({ partitions, cuts }: Pick<Way, "partitions" | "cuts">): AnyOptions {
  const given = { key: bytesCodec, value: bytesCodec, partitions, ...(cuts === undefined ? {} : { cuts }) };
  return given as unknown as AnyOptions;
}

/** The sort buffer is as full on both sides when it is written. */
function expectSame(bytes: Uint8Array, setup: Omit<MapSetup, "memoryBytes">): Ran {
  const ran = expectTwins(bytes, { ...setup, memoryBytes }, kernelMemory);
  expect(ran.spills).toBe(runMap(bytes, { ...setup, memoryBytes }).spills);
  return ran;
}

function expectSameRecords(
  bytes: Uint8Array,
  { keyBytes, valueBytes, ...way }: Way & { readonly keyBytes: number; readonly valueBytes: number },
): Ran {
  return expectSame(bytes, {
    ...way,
    options: optionsOf(way),
    framing: { kind: "fixed", bytes: keyBytes + valueBytes },
    step: (memory, output) => addPairsOfRecords(memory, output, { keyBytes, valueBytes }),
    map: (record, emit) => {
      if (record.length === keyBytes + valueBytes) emit(record.subarray(0, keyBytes), record.subarray(keyBytes));
    },
  });
}

/** Each line is a key behind a byte. */
function expectSameLines(text: Uint8Array, way: Way): Ran {
  const pair = { wires: ["bytes", "boolean"], before: Uint8Array.of(7), value: Uint8Array.of(1) } as const;
  return expectSame(text, {
    ...way,
    options: { ...optionsOf(way), value: booleanCodec as never },
    framing: { kind: "delimited", delimiter: "line" },
    step: (memory, output) => addLinesAsKeys(memory, output, pair),
    map: (line, emit) => {
      if (line.length < 65_536) emit(Uint8Array.of(7, ...line), true);
    },
  });
}

describe("addLinesAsKeys()", () => {
  it("writes what the record-by-record path writes", () => {
    const lines = fc.array(
      fc.oneof(
        { weight: 8, arbitrary: fc.stringMatching(/^[a-c\0 ]{0,20}$/u) },
        { weight: 1, arbitrary: fc.constantFrom("\u00e9", "\u{1f642}x", "\r", "a\r") },
        { weight: 1, arbitrary: fc.integer({ min: 20, max: 900 }).map((length) => "y".repeat(length)) },
      ),
      { maxLength: 200, size: "max" },
    );
    const cuts = fc.array(
      fc.uint8Array({ maxLength: 3, min: 96, max: 99 }).map((cut) => Uint8Array.of(7, ...cut)),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 3000 }), fc.option(cuts), (given, chunkBytes, ranges) => {
        const sorted = ranges?.toSorted((a, b) => Buffer.compare(a, b));
        const by = sorted === undefined ? { partitions: 5 } : { partitions: sorted.length + 1, cuts: sorted };
        const inPlace = chunkBytes % 2 === 0;
        expectSameLines(new TextEncoder().encode(given.join("\n")), { chunkBytes, inPlace, ...by });
      }),
      { numRuns: 300 },
    );
  });

  it("goes on where the buffer was full, and leaves lines that are too long", () => {
    const text = Array.from({ length: 9000 }, (_, index) => `${Math.imul(index, 2_654_435_761)} of these lines`);
    text[5000] = "z".repeat(65_536);
    text[7000] = "w".repeat(50_000);
    const { left } = expectSameLines(new TextEncoder().encode(`${text.join("\n")}\n`), {
      chunkBytes: 1 << 20,
      partitions: 3,
    });
    expect(left).toBe(1);
  });
});

/** As a job that sorts lines by their numbers has it. */
const leadingNumber = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/u;
const numberKey = tupleCodec(optionalCodec(doubleCodec), textCodec);

const numberPair = {
  wires: [numberKey.wire, "boolean"],
  before: Uint8Array.of(0),
  value: Uint8Array.of(1),
  numbers: true,
} as const;

function numberOptionsOf(way: Pick<Way, "partitions" | "cuts">): AnyOptions {
  return { ...optionsOf(way), key: numberKey as never, value: booleanCodec as never };
}

/** Each line is a key behind the number that it begins with. */
function expectSameNumbers(lines: readonly string[], way: Way): Ran {
  return expectSame(new TextEncoder().encode(lines.join("\n")), {
    ...way,
    options: numberOptionsOf(way),
    framing: { kind: "delimited", delimiter: "line" },
    step: (memory, output) => addLinesAsKeys(memory, output, numberPair),
    map: (bytes, emit) => {
      const line = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
      const number = leadingNumber.exec(line);
      emit([number === null ? null : Number(number[1]), line], true);
    },
  });
}

describe("addLinesAsKeys() by numbers", () => {
  const numbers = fc.oneof(
    { weight: 4, arbitrary: fc.stringMatching(/^[ \t]{0,2}[+-]?[0-9]{0,7}[.]?[0-9]{0,5}$/u) },
    { weight: 2, arbitrary: fc.double({ noNaN: true }).map(String) },
    { weight: 2, arbitrary: fc.double({ min: -1e7, max: 1e7, noNaN: true }).map((value) => value.toFixed(9)) },
    { weight: 1, arbitrary: fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        ..."-0|+0.000|9007199254740992|9007199254740993|0000000000000000001|1e5|1E|2e+|7.e3".split("|"),
        ..."\v\f\r5|\x1f5|- 5|+-5|..5|5..5|0x10|1_0|\u00a05|Infinity|5\u00e9|.".split("|"),
      ),
    },
  );
  const rests = fc.constantFrom("", " a", "e", "e1", "E-2x", "\r", ".", " \u00e9", "x".repeat(300));
  const lines = fc.array(fc.tuple(numbers, rests), { maxLength: 200, size: "max" });

  it("writes what the record-by-record path writes", () => {
    fc.assert(
      fc.property(
        lines,
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 1, max: 5 }),
        (given, chunkBytes, partitions) => {
          const way = { chunkBytes, inPlace: chunkBytes % 2 === 0, partitions };
          expectSameNumbers(
            given.map((parts) => parts.join("")),
            way,
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it("leaves lines whose numbers are hard, and no others", () => {
    const hard = ["1e5", "12345678901234567890", "9007199254740993"];
    const plain = Array.from({ length: 9000 }, (_, index) => `${(index * 7919) % 10_007}.${index % 100} of these`);
    const { left, spills } = expectSameNumbers([...plain, ...hard, ...plain, ""], {
      chunkBytes: 1 << 20,
      partitions: 3,
    });
    expect(left).toBe(hard.length);
    expect(spills).toBeGreaterThan(5);
  });

  it("searches no byte twice where each line is left", () => {
    const bytes = new TextEncoder().encode("1e5 of these\n".repeat(2_000));
    const { memory, searched } = countSearched(kernelMemory);
    const { output } = outputOf(numberOptionsOf({ partitions: 1 }), memoryBytes, kernelMemory);
    const step = addLinesAsKeys(memory, output, numberPair)!;
    const offsets = Int32Array.from({ length: 4_000 }, (_, index) => (index >> 1) * 13 + (index & 1) * 12);
    const batch = { bytes, offsets, count: 2_000, fileOffset: 0 };
    for (let index = 0; index < batch.count; index++) expect(step.mapFrom(batch, index)).toBe(index);
    output.discard();
    expect(searched()).toBeLessThanOrEqual(bytes.length);
  });
});

describe("addPairsOfRecords()", () => {
  it("writes what the record-by-record path writes", () => {
    const cuts = fc.array(fc.uint8Array({ maxLength: 12, max: 3 }), { maxLength: 12 });
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 4000, max: 3, size: "max" }),
        fc.record({
          keyBytes: fc.integer({ min: 0, max: 30 }),
          valueBytes: fc.integer({ min: 1, max: 90 }),
          chunkBytes: fc.integer({ min: 1, max: 3000 }),
        }),
        fc.option(cuts),
        (bytes, sizes, given) => {
          const sorted = given?.toSorted((a, b) => Buffer.compare(a, b));
          const ranges = sorted === undefined ? { partitions: 5 } : { partitions: sorted.length + 1, cuts: sorted };
          expectSameRecords(bytes, { ...sizes, inPlace: sizes.chunkBytes % 2 === 0, ...ranges });
        },
      ),
      { numRuns: 300 },
    );
  });

  it("goes on where the buffer was full, and leaves a record that has no room in an empty one", () => {
    const bytes = new Uint8Array(400_037).map((_, index) => Math.imul(index, 2_654_435_761) >>> 24);
    const { spills } = expectSameRecords(bytes, { keyBytes: 10, valueBytes: 90, chunkBytes: 70_000, partitions: 3 });
    expect(spills).toBeGreaterThan(5);
    expectSameRecords(bytes, { keyBytes: 10, valueBytes: 70_000, chunkBytes: 1 << 20, partitions: 3 });
  });

  it("is there for bytes, by hash or by ranges that have room, and for nothing else", () => {
    const make = (options: Partial<MapOutputOptions<unknown, unknown, unknown>>): unknown => {
      const { output } = outputOf({ ...optionsOf({ partitions: 2 }), ...options }, memoryBytes, kernelMemory);
      output.discard();
      return output.addRecords;
    };
    expect(make({})).toBeDefined();
    expect(make({ cuts: [Uint8Array.of(7)] })).toBeDefined();
    expect(make({ cuts: [new Uint8Array(500_000)] })).toBeUndefined();
    expect(make({ partition: () => 0 })).toBeUndefined();
    expect(make({ key: textCodec as never })).toBeUndefined();
    expect(make({ value: textCodec as never })).toBeUndefined();
    expect(make({ combine: { pairs: 9, run: () => undefined } })).toBeUndefined();
    expect(outputOf(optionsOf({ partitions: 1 }), memoryBytes).output.addRecords).toBeUndefined();
    const folding = { key: bytesCodec, aggregator: sum(), partitions: 1 } as unknown as AnyOptions;
    const { output: sums } = outputOf(folding, memoryBytes, kernelMemory);
    sums.discard();
    expect(sums.addRecords).toBeUndefined();
  });
});
