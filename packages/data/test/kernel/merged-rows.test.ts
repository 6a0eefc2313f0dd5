// Rows that kernels make of merged pairs against those made pair by pair.

import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import {
  type Aggregator,
  type RowPlan,
  type RunTools,
  MemoryRunStore,
  bytesCodec,
  count,
  createKernelMemory,
  createReduceInput,
  memorySource,
  sum,
  textCodec,
} from "../../src/index.ts";
import { type MappedTask, mapTask, segmentsOf, tools } from "../map/map-reduce-kit.ts";

vi.setConfig({ testTimeout: 60_000 });

const memory = createKernelMemory(16 << 20);
const plainTools: RunTools = { ...tools, codecs: [] };

interface Written {
  readonly rows: Uint8Array;
  readonly records: number;
  readonly groups: number;
  readonly keys: readonly (string | undefined)[];
}

type Any = Aggregator<unknown, unknown>;
interface Options {
  readonly key: typeof textCodec | typeof bytesCodec;
  readonly aggregator?: Any;
  readonly fanIn?: number;
  readonly tools?: RunTools;
}

function open(tasks: readonly MappedTask[], { key, aggregator, fanIn = 128, tools: given = plainTools }: Options) {
  return createReduceInput<unknown, unknown, unknown>({
    key: key as never,
    ...(aggregator === undefined ? { value: bytesCodec as never } : { aggregator }),
    segments: segmentsOf(tasks, 0),
    fanIn,
    store: new MemoryRunStore(),
    tools: given,
    runName: "merge",
    memory,
  });
}

const escapes: Readonly<Record<string, string>> = { "\t": "\\t", "\n": "\\n", "\r": "\\r", "\\": "\\\\" };

function rowOf(key: unknown, value: unknown, plan: RowPlan): Uint8Array {
  if (plan.kind === "rows") return Buffer.concat([key as Uint8Array, value as Uint8Array]);
  if (plan.kind === "lines") {
    const isNumber = plan.numbers === true && (key as Uint8Array)[0] === 1;
    return Buffer.concat([(key as Uint8Array).subarray(isNumber ? 9 : plan.skip), Buffer.from("\n")]);
  }
  const cell = (key as string).replaceAll(/[\t\n\r\\]/gu, (character) => escapes[character]!);
  return Buffer.from(`${cell}\t${String(value)}\n`);
}

function byKernel(tasks: readonly MappedTask[], plan: RowPlan, options: Options): Written {
  const input = open(tasks, options);
  const parts: Uint8Array[] = [];
  let records = 0;
  const add = (bytes: Uint8Array, more: number): void => {
    parts.push(bytes.slice());
    records += more;
  };
  const one = (key: unknown, value: unknown): void => add(rowOf(key, value, plan), 1);
  const { firstKey, lastKey } = input.writeRows!(plan, {
    rows: add,
    pair: one,
    result: one,
    progress: () => undefined,
  });
  const { groups } = input.finish();
  return { rows: Buffer.concat(parts), records, groups, keys: [firstKey, lastKey].map(showKey) };
}

function byTwin(tasks: readonly MappedTask[], plan: RowPlan, options: Options): Written {
  const input = open(tasks, options);
  const parts: Uint8Array[] = [];
  const keys: Uint8Array[] = [];
  while (input.nextGroup()) {
    keys.push(input.keyBytes().slice());
    const key = input.key();
    if (plan.kind === "sums") parts.push(rowOf(key, input.result(), plan));
    else if (plan.kind === "lines" && plan.once) parts.push(rowOf(key, undefined, plan));
    else for (const value of input.values()) parts.push(rowOf(key, value, plan));
  }
  const { groups } = input.finish();
  return {
    rows: Buffer.concat(parts),
    records: parts.length,
    groups,
    keys: [keys[0], keys.at(-1)].map(showKey),
  };
}

function showKey(key: Uint8Array | undefined): string | undefined {
  return key === undefined ? undefined : Buffer.from(key).toString("hex");
}

function expectSame(tasks: readonly MappedTask[], plan: RowPlan, options: Options): void {
  const kernel = byKernel(tasks, plan, options);
  const twin = byTwin(tasks, plan, options);
  expect(Buffer.compare(kernel.rows, twin.rows)).toBe(0);
  expect({ ...kernel, rows: undefined }).toEqual({ ...twin, rows: undefined });
}

const few = fc.uint8Array({ maxLength: 4, max: 2 });
const fixed = fc.uint8Array({ minLength: 10, maxLength: 10, max: 3 });
const keys = fc.oneof(
  { weight: 5, arbitrary: fixed },
  { weight: 2, arbitrary: few },
  { weight: 1, arbitrary: fc.integer({ min: 100, max: 9000 }).map((length) => new Uint8Array(length).fill(length)) },
);
const values = fc.oneof(
  { weight: 20, arbitrary: fc.uint8Array({ minLength: 9, maxLength: 9 }) },
  { weight: 2, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  { weight: 1, arbitrary: fc.integer({ min: 65_000, max: 66_000 }).map((length) => new Uint8Array(length).fill(2)) },
);
const settings = fc.record({
  fanIn: fc.constantFrom(2, 3, 128),
  blockRawBytesMax: fc.constantFrom(64, 300, 5000, 262_144),
  unpacks: fc.boolean(),
});
interface Settings {
  readonly blockRawBytesMax: number;
  readonly unpacks: boolean;
}

function mapped(
  tasks: readonly (readonly (readonly [unknown, unknown])[])[],
  { blockRawBytesMax, unpacks }: Settings,
  options: { readonly key: unknown; readonly aggregator?: Any },
): MappedTask[] {
  const { key, aggregator } = options;
  const codec = unpacks ? { codec: tools.codecs[0]! } : {};
  return tasks.map((pairs) =>
    mapTask<unknown, unknown, unknown>(pairs, {
      key: key as never,
      ...(aggregator === undefined ? { value: bytesCodec as never } : { aggregator }),
      partitions: 1,
      memoryBytes: 262_144,
      blockRawBytesMax,
      ...codec,
    }),
  );
}

describe("ReduceInput.writeRows()", () => {
  it("writes rows and lines of pairs as a loop does", () => {
    const pairs = fc.array(fc.tuple(keys, values), { maxLength: 80, size: "max" });
    const plans: readonly RowPlan[] = [
      { kind: "rows", keyBytes: 10, valueBytes: 9 },
      { kind: "lines", skip: 0, once: false },
      { kind: "lines", skip: 0, once: true },
      { kind: "lines", skip: 1, once: false, numbers: true },
    ];
    fc.assert(
      fc.property(fc.array(pairs, { maxLength: 7 }), settings, fc.constantFrom(...plans), (tasks, given, plan) => {
        const options = { key: bytesCodec, fanIn: given.fanIn, ...(given.unpacks ? { tools } : {}) };
        expectSame(mapped(tasks, given, options), plan, options);
      }),
      { numRuns: 40 },
    );
  });

  it("writes sums as the aggregator presents them, whatever they are", () => {
    const words = fc.oneof(
      { weight: 4, arbitrary: fc.stringMatching(/^[a-c]{1,3}$/u) },
      {
        weight: 1,
        arbitrary: fc.constantFrom("a\\b", "\t", "x\r\ny", "\u00e9\u{1f642}", "", "0123456789abcdef\\\\\\\\"),
      },
    );
    const amounts = fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: -300, max: 300 }) },
      { weight: 1, arbitrary: fc.constantFrom(2 ** 53 - 1, -(2 ** 53), 2 ** 40, -(2 ** 52), 0.5, Number.NaN, -0) },
    );
    const pairs = fc.array(fc.tuple(words, amounts), { maxLength: 60, size: "max" });
    fc.assert(
      fc.property(fc.array(pairs, { maxLength: 7 }), settings, fc.boolean(), (tasks, given, isSum) => {
        const aggregator = (isSum ? sum() : count()) as Any;
        const options = { key: textCodec, aggregator, fanIn: given.fanIn, ...(given.unpacks ? { tools } : {}) };
        expectSame(mapped(tasks, given, options), { kind: "sums" }, options);
      }),
      { numRuns: 150 },
    );
  });

  it("writes more rows than there is room for at once", () => {
    const tasks = Array.from({ length: 5 }, (_, task) =>
      Array.from({ length: 9000 }, (_unused, index): readonly [Uint8Array, Uint8Array] => {
        const number = Math.imul(index * 5 + task, 2_654_435_761);
        return [Uint8Array.of(number, number >>> 8, number >>> 16), new Uint8Array(90).fill(index)];
      }),
    );
    const given = { blockRawBytesMax: 262_144, unpacks: false };
    const options = { key: bytesCodec, fanIn: 3 };
    expectSame(mapped(tasks, given, options), { kind: "rows", keyBytes: 3, valueBytes: 90 }, options);
  });

  it("refuses pairs that are damaged, and gives the memory back", () => {
    const task = mapTask<unknown, unknown, unknown>(
      [
        [Uint8Array.of(1), Uint8Array.of(7)],
        [Uint8Array.of(2), Uint8Array.of(8)],
      ],
      { key: bytesCodec as never, value: bytesCodec as never, partitions: 1 },
    );
    const blind: RunTools = { crc32: () => 0, codecs: [] };
    // Check sums are zero: only what the pairs themselves say is wrong.
    const bytes = mapTask([], { key: bytesCodec as never, value: bytesCodec as never, partitions: 1 }).bytes;
    expect(bytes.length).toBeGreaterThan(0);
    const segment = { ...segmentsOf([task], 0)[0]!, form: "segment" as const };
    const body = task.bytes.slice(20, 20 + 20 + 10);
    for (const [place, byte] of [
      [20, 9],
      [21, 200],
      [22, 1],
      [26, 0],
      [27, 1],
    ] as const) {
      const damaged = body.slice();
      damaged[place] = byte;
      damaged.fill(0, 0, 4);
      const input = createReduceInput<unknown, unknown, unknown>({
        key: bytesCodec as never,
        value: bytesCodec as never,
        segments: [{ ...segment, open: () => memorySource(damaged) }],
        store: new MemoryRunStore(),
        tools: blind,
        runName: "merge",
        memory,
      });
      const nothing = (): void => undefined;
      expect(() =>
        input.writeRows!(
          { kind: "rows", keyBytes: 1, valueBytes: 1 },
          { rows: nothing, pair: nothing, result: nothing, progress: nothing },
        ),
      ).toThrow(expect.objectContaining({ code: "E_SEGMENT" }) as Error);
      input.discard();
      expect(memory.isLent).toBe(false);
    }
  });
});
