import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import {
  type Aggregator,
  count,
  createKernelMemory,
  KernelMemory,
  max,
  MemoryRunStore,
  presentState,
  sum,
  textCodec,
} from "../../src/index.ts";
import { CombineTable } from "../../src/combine/combine-table.ts";
import { crc32 } from "../../src/hash/crc32.ts";
import { murmur32, murmur32Words } from "../../src/hash/murmur32.ts";
import { KeyBuffer } from "../../src/map/key-buffer.ts";
import { RunWriter } from "../../src/run/run-writer.ts";
import { readRun } from "../run/run-kit.ts";
import { seededRandom } from "../seeded-random.ts";

// Many cases, and other work on the machine: a time limit here finds hangs, nothing else.
vi.setConfig({ testTimeout: 60_000 });

const buffer = new KeyBuffer();

function keyOf(key: string): KeyBuffer {
  buffer.begin();
  buffer.sink.writeText(key);
  buffer.end();
  return buffer;
}

/** Write a table out and present its states by partition and key. */
function readTable<V, A>(table: CombineTable<V>, aggregator: Aggregator<V, A>, partitions: number): Map<string, A> {
  const store = new MemoryRunStore();
  const writer = new RunWriter({
    target: store.createRun("run"),
    crc32,
    partitions,
    kind: "states",
    sources: "single",
  });
  table.writeTo(writer);
  writer.finish();
  return new Map(
    readRun(store.files.get("run")!).map((pair) => [
      `${pair.partition} ${Buffer.from(pair.key).toString()}`,
      presentState(aggregator, pair.value),
    ]),
  );
}

describe("CombineTable", () => {
  it("holds what a Map holds, for keys of every length around its own bounds", () => {
    const lengths = [0, 1, 3, 4, 15, 16, 17, 19, 20, 253, 254, 255, 256, 300, 1000];
    const key = fc
      .tuple(fc.constantFrom(...lengths), fc.constantFrom("a", "b", "\0"))
      .map(([length, end]) => "x".repeat(Math.max(0, length - 1)) + (length > 0 ? end : ""));
    fc.assert(
      fc.property(
        fc.array(fc.tuple(key, fc.integer({ min: -5, max: 5 })), { maxLength: 80 }),
        fc.integer({ min: 1, max: 3 }),
        (pairs, partitions) => {
          const table = new CombineTable(new Uint8Array(65_536), {
            aggregator: sum(),
            partitions,
            checksPartition: false,
            place: { task: 0, position: 0 },
          });
          const expected = new Map<string, number>();
          for (const [text, value] of pairs) {
            const partition = text.length % partitions;
            expect(table.add(partition, keyOf(text), value)).toBe(true);
            expected.set(`${partition} ${text}`, (expected.get(`${partition} ${text}`) ?? 0) + value);
          }
          expect(table.count).toBe(expected.size);
          expect(readTable(table, sum(), partitions)).toEqual(expected);
          expect(table.count).toBe(0);
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each([
    ["its own", false],
    ["the kernels'", true],
  ])("keeps all keys while it grows in %s memory, also with hashes that cluster and wrap round", (_of, byKernel) => {
    const random = seededRandom(9);
    const aggregator = count();
    const kernelMemory = byKernel ? createKernelMemory(4 << 20) : new KernelMemory(4 << 20);
    const table = new CombineTable<unknown>(kernelMemory.borrow(), {
      aggregator,
      partitions: 2,
      checksPartition: false,
      place: { task: 0, position: 0 },
      kernelMemory,
    });
    const expected = new Map<string, number>();
    // Hashes whose high bits are all ones or all zeros meet at the end and the begin of the slots.
    const edge = Array.from({ length: 200_000 }, (_, index) => `k${index}`).filter((key) => {
      const hash = murmur32(Buffer.from(key), 0, key.length);
      return hash >= 0xfc00_0000 || hash < 0x0400_0000;
    });
    for (let step = 0; step < 60_000; step++) {
      const key = random() < 0.5 ? edge[Math.floor(random() * edge.length)]! : `n${Math.floor(random() * 9000)}`;
      expect(table.add(0, keyOf(key), 1)).toBe(true);
      expected.set(`0 ${key}`, (expected.get(`0 ${key}`) ?? 0) + 1);
    }
    expect(readTable(table, aggregator, 2)).toEqual(expected);
  });

  it("tells long keys apart whose first 16 bytes, length and hash bits are equal", () => {
    const keys = Array.from({ length: 30_000 }, (_, index) => `a common prefix, ${String(index).padStart(6, "0")}`);
    const highBits = new Set(keys.map((key) => murmur32(Buffer.from(key), 0, key.length) >>> 9));
    expect(highBits.size).toBeLessThan(keys.length);
    const table = new CombineTable<unknown>(new Uint8Array(8 << 20), {
      aggregator: count(),
      partitions: 1,
      checksPartition: false,
      place: { task: 0, position: 0 },
    });
    for (const key of [...keys, ...keys]) table.add(0, keyOf(key), 1);
    expect(readTable(table, count(), 1)).toEqual(new Map(keys.map((key) => [`0 ${key}`, 2])));
  });

  it("says when it is full, keeps what it has, and never leaves its memory", () => {
    for (const size of [32_768, 40_000, 65_536]) {
      for (const aggregator of [sum(), max(textCodec)] as Aggregator<unknown, unknown>[]) {
        const around = new Uint8Array(size + 128).fill(0xa5);
        const table = new CombineTable<unknown>(around.subarray(64, 64 + size), {
          aggregator,
          partitions: 1,
          checksPartition: false,
          place: { task: 0, position: 0 },
        });
        let keys = 0;
        while (
          table.add(
            0,
            keyOf(`key ${keys} ${"y".repeat(keys % 40)}`),
            aggregator.stateBytes === 8 ? keys + 0.5 : `value ${keys}`,
          )
        )
          keys++;
        expect(keys).toBeGreaterThan(100);
        expect(table.used).toBeLessThanOrEqual(size);
        const found = readTable(table, aggregator, 1);
        for (let key = 0; key < keys; key++)
          expect(found.get(`0 key ${key} ${"y".repeat(key % 40)}`)).toBe(
            aggregator.stateBytes === 8 ? key + 0.5 : `value ${key}`,
          );
        expect(
          around.subarray(0, 64).every((byte) => byte === 0xa5) &&
            around.subarray(64 + size).every((byte) => byte === 0xa5),
        ).toBe(true);
      }
    }
  });
});

describe("CombineTable and values that are refused", () => {
  it("keeps no key whose first value was refused or found no room", () => {
    const table = new CombineTable(new Uint8Array(65_536), {
      aggregator: max(textCodec),
      partitions: 1,
      checksPartition: false,
      place: { task: 0, position: 0 },
    });
    table.add(0, keyOf("a"), "1");
    expect(() => table.add(0, keyOf("b"), "\uD800")).toThrow(expect.objectContaining({ code: "E_VALUE_INVALID" }));
    expect(() => table.add(0, keyOf("a"), "\uD800")).toThrow(expect.objectContaining({ code: "E_VALUE_INVALID" }));
    expect(table.add(0, keyOf("c"), "x".repeat(70_000))).toBe(false);
    expect(table.add(0, keyOf("a"), "x".repeat(70_000))).toBe(false);
    expect(readTable(table, max(textCodec), 1)).toEqual(new Map([["0 a", "1"]]));
  });
});

describe("murmur32Words()", () => {
  it("equals murmur32() of the same bytes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 40 }), (text) => {
        const key = keyOf(text);
        expect(key.hash >>> 0).toBe(murmur32(key.bytes, 0, key.length));
      }),
    );
    expect(murmur32Words(new Int32Array(4), 0)).toBe(0);
  });
});
