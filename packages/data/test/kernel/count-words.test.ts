// The kernel that counts words against the record-by-record path: the same run file, byte for byte.

import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import {
  type RecordBatch,
  count,
  countWordsOfLines,
  createKernelMemory,
  intCodec,
  sum,
  textCodec,
  type WordKind,
} from "../../src/index.ts";
import { splitWords } from "../../src/expression/text-operations.ts";
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
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

const splitters: Readonly<Record<WordKind, (line: string) => Iterable<string>>> = {
  blanks: splitWords,
  letters: (line) => line.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [],
};

interface Given {
  readonly chunkBytes: number;
  readonly partitions: number;
  readonly words?: WordKind;
}

function setupOf({ chunkBytes, partitions, words = "blanks" }: Given): MapSetup {
  return {
    options: { key: textCodec as never, aggregator: sum() as never, partitions },
    memoryBytes,
    framing: { kind: "delimited", delimiter: "line" },
    chunkBytes,
    step: (memory, output) => countWordsOfLines(memory, output, words),
    map: (record, emit) => {
      for (const word of splitters[words](decoder.decode(record))) if (Buffer.byteLength(word) <= 65_536) emit(word, 1);
    },
  };
}

function expectSame(text: string | Uint8Array, given: Given): Ran {
  return expectTwins(typeof text === "string" ? encoder.encode(text) : text, setupOf(given), kernelMemory);
}

const words = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[!-~]{1,20}$/u) },
  {
    weight: 3,
    arbitrary: fc.constantFrom("a", "the", "x\0y", "\x1f", "aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaab", "aaaaaaaaaaaaaaaa0"),
  },
  { weight: 1, arbitrary: fc.constantFrom("na\u00efve", "\u{1f642}", "\u00a0", "a\u3000b", "\ufeffx", "\ufffd") },
  { weight: 1, arbitrary: fc.integer({ min: 250, max: 3000 }).map((length) => "y".repeat(length)) },
);
const blanks = fc.constantFrom(" ", "  ", "\t", "\v", "\f", "\r", "\n", "\r\n", "\n\n", " \n ");
const texts = fc.array(fc.tuple(words, blanks), { maxLength: 400 }).map((parts) => parts.flat().join(""));

/** Characters beyond ASCII: all white space, what has the same first bytes, and others of each length. */
const wideBlanks = Array.from({ length: 0xffff }, (_, code) => String.fromCharCode(code)).filter(
  (character) => character > "\x7f" && /\s/u.test(character),
);
const nearBlanks = wideBlanks.flatMap((blank) =>
  [-64, -1, 1, 64].map((step) => String.fromCharCode(blank.charCodeAt(0) + step)),
);
const character = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(...Array.from("aB9_'-. \u00e4\u00df\u03b1\u0301\u4e2d\u3002\u{1f642}\u{10ffff}")),
  },
  { weight: 2, arbitrary: fc.constantFrom(...wideBlanks) },
  { weight: 2, arbitrary: fc.constantFrom(...nearBlanks) },
  { weight: 1, arbitrary: fc.constantFrom("\n", "\r\n") },
  { weight: 1, arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 1 }) },
);
const wideTexts = fc.array(character, { maxLength: 300, size: "max" }).map((parts) => parts.join(""));
/** Bytes that are no UTF-8, or only behind certain others. */
const wrongBytes = fc.constantFrom(
  ...["80", "bf", "c0", "c080", "c2", "e080", "e280", "eda080", "ef", "f08080", "f0908080", "f490", "f5", "ff"].map(
    (hex) => Buffer.from(hex, "hex"),
  ),
);
const ways = fc.record({
  chunkBytes: fc.integer({ min: 1, max: 5000 }),
  partitions: fc.integer({ min: 1, max: 9 }),
  words: fc.constantFrom<WordKind>("blanks", "letters"),
});

describe("countWordsOfLines()", () => {
  it("writes what the record-by-record path writes", () => {
    fc.assert(
      fc.property(texts, ways, (text, given) => {
        expectSame(text, given);
      }),
      { numRuns: 400 },
    );
  });

  it("finds Unicode's white space, and no other characters", () => {
    fc.assert(
      fc.property(wideTexts, ways, (text, given) => {
        const { left } = expectSame(text, given);
        const isLeft = given.words === "letters" && /[\u{10000}-\u{10ffff}]/u.test(text);
        if (text.isWellFormed() && !isLeft) expect(left).toBe(0);
      }),
      { numRuns: 2000 },
    );
  });

  it("knows each code point of the basic plane as it stands between letters", () => {
    const all = Array.from({ length: 0x1_0000 }, (_, code) => String.fromCharCode(code)).filter((each) =>
      each.isWellFormed(),
    );
    const text = all.map((each) => `a${each}b`).join("\n");
    // Line feed and carriage return make lines of their own.
    for (const words of ["blanks", "letters"] as const)
      expect(expectSame(text, { chunkBytes: 1 << 20, partitions: 1, words }).left).toBe(0);
  });

  it("leaves lines with bytes that are no UTF-8", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(wideTexts, wrongBytes), { maxLength: 12 }), ways, (parts, given) => {
        expectSame(Buffer.concat(parts.map((part) => Buffer.from(part as string))), given);
      }),
      { numRuns: 1000 },
    );
    const text = Buffer.concat([Buffer.from("\u00e9 a\nb "), Buffer.of(0xc3), Buffer.from("\n\u00e9\nc\n")]);
    expect(expectSame(text, { chunkBytes: 1 << 20, partitions: 1 }).left).toBe(1);
  });

  it("goes on where the table was full", () => {
    const text = Array.from(
      { length: 60_000 },
      (_, index) => `${(index * 7919) % 30_011} word-${index % 20_000}-of-a-long-kind`,
    ).join("\n");
    for (const words of ["blanks", "letters"] as const)
      expect(expectSame(text, { chunkBytes: 100_000, partitions: 3, words }).spills).toBeGreaterThan(3);
  });

  it("leaves lines longer than a key may be, and of letters those with characters of four bytes", () => {
    const text = ["a b", "\u{1d49c} a", "\u00e9", "x".repeat(65_537), "a", ""].join("\n");
    expect(expectSame(text, { chunkBytes: 1 << 20, partitions: 1 }).left).toBe(1);
    expect(expectSame(text, { chunkBytes: 1 << 20, partitions: 1, words: "letters" }).left).toBe(2);
  });

  it("leaves a word that has no room in an empty table to the function, which refuses it", () => {
    const text = encoder.encode(`a\n${"x".repeat(60_000)}\nb\n`);
    expect(() => runMap(text, setupOf({ chunkBytes: 1 << 20, partitions: 1 }), kernelMemory)).toThrow(
      expect.objectContaining({ code: "E_RECORD_TOO_LARGE" }),
    );
    // Given back by nobody, as the map output was not discarded.
    kernelMemory.giveBack();
  });

  it("looks at each line once where each is left", () => {
    const { output } = outputOf(setupOf({ chunkBytes: 1, partitions: 1 }).options, memoryBytes, kernelMemory);
    const step = countWordsOfLines(kernelMemory, output, "letters")!;
    const lineCount = 4_096;
    const bytes = encoder.encode("\u{1f642}\n".repeat(lineCount));
    let looks = 0;
    const offsets = new Proxy(
      Int32Array.from({ length: 2 * lineCount }, (_, index) => (index >> 1) * 5 + (index & 1) * 4),
      {
        get: (target, property) => {
          looks++;
          return Reflect.get(target, property) as unknown;
        },
      },
    );
    const batch: RecordBatch = { bytes, offsets, count: lineCount, fileOffset: 0 };
    for (let index = 0; index < lineCount; index++) expect(step.mapFrom(batch, index)).toBe(index);
    // A search among all for the line, and no look at the lengths of those behind it.
    expect(looks).toBeLessThan(lineCount * 40);
    output.discard();
  });

  it("searches no byte twice, whatever lines are left for", () => {
    const ofFour = Buffer.from("\u{1f642}, a line of some words\n");
    const wrong = Buffer.from("caf\xe9, a line of some words\n", "latin1");
    const cycles = [[ofFour], [wrong], [ofFour, wrong], [...Array.from({ length: 99 }, () => wrong), ofFour]];
    for (const cycle of cycles)
      for (const words of ["blanks", "letters"] as const) {
        const lines = Array.from({ length: 2_000 }, (_, index) => cycle[index % cycle.length]!);
        const bytes = Buffer.concat(lines);
        const { memory, searched } = countSearched(kernelMemory);
        const setup = setupOf({ chunkBytes: 1 << 20, partitions: 1, words });
        const step: MapSetup["step"] = (_, output) => countWordsOfLines(memory, output, words);
        const { left } = runMap(bytes, { ...setup, step }, kernelMemory);
        expect(left).toBe(lines.filter((line) => words === "letters" || line === wrong).length);
        expect(searched()).toBeLessThanOrEqual(2 * bytes.length);
      }
  });

  it("is there for texts that are counted by hash, and for nothing else", () => {
    const make = (options: Partial<AnyOptions>, memory = true): unknown => {
      const given = { key: textCodec as never, aggregator: count() as never, partitions: 2, ...options } as AnyOptions;
      const { output } = outputOf(given, memoryBytes, memory ? kernelMemory : undefined);
      output.discard();
      return output.countWords;
    };
    expect(make({})).toBeDefined();
    expect(make({ partition: () => 0 })).toBeUndefined();
    expect(make({ cuts: [Uint8Array.of(7)] })).toBeUndefined();
    expect(make({ key: intCodec as never })).toBeUndefined();
    expect(make({ aggregator: undefined as never, value: intCodec as never })).toBeUndefined();
    expect(make({}, false)).toBeUndefined();
  });
});
