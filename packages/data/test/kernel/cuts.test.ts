// Lines that a kernel cuts into pairs of a join against those emitted one by one: the same run file.

import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { addCutLines, count, createKernelMemory, makeCodec, makeKeyCodec, textCodec } from "../../src/index.ts";
import { type AnyOptions, type Ran, expectTwins, outputOf, runMap } from "./kernel-kit.ts";

vi.setConfig({ testTimeout: 60_000 });

const memoryBytes = 65_536;
const kernelMemory = createKernelMemory(memoryBytes);

/** As packages/sdk/src/join/side-codecs.ts makes them. */
const input = makeKeyCodec<number, "input">("input", {
  encodeTo: (side, sink) => sink.writeByte(side),
  decodeFrom: (reader) => reader.readByte(),
  encodePart: (side, sink) => sink.writeByte(side),
  decodePart: (reader) => reader.readByte(),
});
const wire = { oneOf: { left: "int", middle: "int", right: "text" } };
const value = makeCodec<string, typeof wire>(wire, {
  encodeTo: (text, sink) => {
    sink.writeByte(2);
    textCodec.encodeTo(text, sink);
  },
  decodeFrom: () => "",
});

function optionsOf(partitions: number): AnyOptions {
  return { key: textCodec, orderBy: input, value, partitions } as unknown as AnyOptions;
}

interface Way {
  readonly chunkBytes: number;
  readonly partitions: number;
  readonly separator: string;
  readonly column: number;
}

/** The function that the kernel stands for, by cells. */
function cut(line: string, { separator, column }: Way): readonly [key: string, rest: string] | undefined {
  const cells = line.split(separator);
  const [key] = cells.splice(column - 1, 1);
  return key === undefined ? undefined : [key, cells.map((cell) => separator + cell).join("")];
}

function expectSame(text: string, way: Way): Ran {
  const { chunkBytes, partitions, separator, column } = way;
  const setup = {
    options: optionsOf(partitions),
    memoryBytes,
    framing: { kind: "delimited", delimiter: "line" },
    chunkBytes,
    inPlace: chunkBytes % 2 === 0,
    step: (memory, output) => addCutLines(memory, output, { separator: separator.charCodeAt(0), column, side: 2 }),
    map: (line, emit) => {
      const found = cut(new TextDecoder().decode(line), way);
      if (found !== undefined && found[0].length <= 65_536) emit(found[0], found[1], 2);
    },
  } satisfies Parameters<typeof expectTwins>[1];
  const bytes = new TextEncoder().encode(text);
  const ran = expectTwins(bytes, setup, kernelMemory);
  expect(ran.spills).toBe(runMap(bytes, setup).spills);
  return ran;
}

describe("addCutLines()", () => {
  it("writes what the record-by-record path writes", () => {
    const lines = fc.array(
      fc.oneof(
        { weight: 8, arbitrary: fc.stringMatching(/^[a-c,]{0,40}$/u) },
        { weight: 3, arbitrary: fc.stringMatching(/^[a\0, \r]{0,12}$/u) },
        { weight: 1, arbitrary: fc.constantFrom("é,b", "b,\u{1f642},c", ",", ",,,", "") },
        { weight: 1, arbitrary: fc.integer({ min: 20, max: 900 }).map((length) => `${"y".repeat(length)},${length}`) },
      ),
      { maxLength: 200, size: "max" },
    );
    const ways = fc.record({
      chunkBytes: fc.integer({ min: 1, max: 3000 }),
      partitions: fc.integer({ min: 1, max: 6 }),
      separator: fc.constantFrom(",", "a", " ", "\0"),
      column: fc.integer({ min: 1, max: 4 }),
    });
    fc.assert(
      fc.property(lines, ways, (given, way) => {
        expectSame(given.join("\n"), way);
      }),
      { numRuns: 400 },
    );
  });

  it("goes on where the buffer was full, and leaves lines that are too long or have no such column", () => {
    const text = Array.from(
      { length: 9000 },
      (_, index) => `${index},${Math.imul(index, 2_654_435_761)},of these lines`,
    );
    text[5000] = `a,${"z".repeat(65_536)}`;
    text[6000] = "none";
    text[7000] = `w,${"w".repeat(20_000)},x`;
    const way = { chunkBytes: 1 << 20, partitions: 3, separator: ",", column: 2 };
    const { left, spills } = expectSame(`${text.join("\n")}\n`, way);
    expect(left).toBe(2);
    expect(spills).toBeGreaterThan(5);
  });

  it("is there for texts of a join, by hash, and for nothing else", () => {
    const make = (options: Partial<AnyOptions>, side = 2): unknown => {
      const { output } = outputOf({ ...optionsOf(2), ...options } as AnyOptions, memoryBytes, kernelMemory);
      const step = addCutLines(kernelMemory, output, { separator: 44, column: 1, side });
      output.discard();
      return step;
    };
    expect(make({})).toBeDefined();
    expect(make({}, 1)).toBeUndefined();
    expect(make({ value: textCodec as never })).toBeUndefined();
    expect(make({ partition: () => 0 })).toBeUndefined();
    expect(make({ cuts: [new Uint8Array(1)] })).toBeUndefined();
    expect(make({ partitions: 200_000 })).toBeUndefined();
    const { output } = outputOf(
      { key: textCodec, aggregator: count(), partitions: 1 } as never,
      memoryBytes,
      kernelMemory,
    );
    output.discard();
    expect(output.openCuts()).toBeUndefined();
  });
});
