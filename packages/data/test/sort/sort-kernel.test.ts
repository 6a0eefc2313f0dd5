// What the kernel that sorts leaves to its twin: groups of ties within ties that its stack has no room for.

import { afterEach, describe, expect, it } from "vitest";
import { ByteRange } from "../../src/bytes/byte-range.ts";
import { CombineTable } from "../../src/combine/combine-table.ts";
import { type KernelMemory, MemoryRunStore, count, createKernelMemory } from "../../src/index.ts";
import { KeyBuffer } from "../../src/map/key-buffer.ts";
import { RunWriter } from "../../src/run/run-writer.ts";
import { sortArraysIn, sortEntryBytes } from "../../src/sort/radix-sort.ts";
import { SortBuffer } from "../../src/sort/sort-buffer.ts";
import { openSortKernel } from "../../src/sort/sort-kernel.ts";
import { tools } from "../map/map-reduce-kit.ts";

const memory = createKernelMemory(1 << 20);
/** Counters, and a stack of two frames. */
const smallRoomBytes = 3 * 2048 * 4 + 2 * 12;
const levels = 9;

/** Each level of four bytes has enough keys, and enough that go on, to be sorted by itself. */
const keys = Array.from({ length: levels * 40 }, (_, index) =>
  new TextEncoder().encode(`${"aaaa".repeat(index % levels)}${(index * 7919) % 1013}`),
);

afterEach(() => {
  if (memory.isLent) memory.giveBack();
});

/** The memory, but for the room that kernels find in it. */
function withRoom(roomBytes: number): KernelMemory {
  const place = { ...memory.place!, roomBytes };
  return { place, open: (module: never) => memory.open(module) } as unknown as KernelMemory;
}

/** The run that a filled buffer or table gives. @param writerMemory - without, it is the twin's alone. */
function runOf(
  held: { writeTo(writer: RunWriter): void },
  kind: "values" | "states",
  writerMemory?: KernelMemory,
): string {
  const store = new MemoryRunStore();
  const { crc32 } = tools;
  const target = store.createRun("run");
  const writer = new RunWriter({ target, crc32, partitions: 2, kind, sources: "single", memory: writerMemory });
  held.writeTo(writer);
  writer.finish();
  return Buffer.from(store.files.get("run")!).toString("latin1");
}

function fillBuffer(bytes: Uint8Array, kernelMemory?: KernelMemory): SortBuffer {
  const buffer = new SortBuffer(bytes, 2, { kernelMemory });
  const value = new ByteRange();
  const key = new ByteRange();
  for (const [index, each] of keys.entries())
    buffer.add(index & 1, key.set(each, 0, each.length), value.set(Uint8Array.of(index), 0, 1));
  return buffer;
}

function fillTable(bytes: Uint8Array, kernelMemory?: KernelMemory): CombineTable<unknown> {
  const table = new CombineTable<unknown>(bytes, {
    aggregator: count() as never,
    place: { task: 0, position: 0 },
    partitions: 2,
    checksPartition: false,
    ...(kernelMemory === undefined ? {} : { kernelMemory }),
  });
  const key = new KeyBuffer();
  for (const each of keys) {
    key.begin().sink.writeBytes(each);
    key.end();
    table.add((key.hash >>> 0) & 1, key, 1);
  }
  return table;
}

describe("SortKernel.sort()", () => {
  it("gives up where ties lie deeper than its stack, and sorts them where they do not", () => {
    const bytes = memory.borrow();
    const sortWith = (roomBytes: number): boolean => {
      const buffer = fillBuffer(bytes);
      const kernel = openSortKernel(withRoom(roomBytes), { bytes, kind: "pairs" })!;
      kernel.useArrays(sortArraysIn(bytes.subarray(bytes.length - keys.length * sortEntryBytes), keys.length));
      expect(kernel.fillPairs(buffer.used - keys.length * sortEntryBytes, Uint32Array.of(180, 180))).toBe(true);
      return kernel.sort(0, 180);
    };
    expect(sortWith(smallRoomBytes)).toBe(false);
    expect(sortWith(smallRoomBytes + levels * 12)).toBe(true);
  });
});

describe("SortBuffer.writeTo()", () => {
  it("sorts by the twin what the kernel gave up, and still writes it by kernels", () => {
    const byKernel = runOf(fillBuffer(memory.borrow(), withRoom(smallRoomBytes)), "values", memory);
    expect(byKernel).toBe(runOf(fillBuffer(new Uint8Array(1 << 20)), "values"));
  });
});

describe("CombineTable.writeTo()", () => {
  it("sorts by the twin what the kernel gave up, and still writes it by kernels", () => {
    const byKernel = runOf(fillTable(memory.borrow(), withRoom(smallRoomBytes)), "states", memory);
    expect(byKernel).toBe(runOf(fillTable(new Uint8Array(1 << 20)), "states"));
  });
});
