// Pairs that a kernel makes of rows against those emitted one by one: the same run file.

import { expect, it, vi } from "vitest";
import { addPairsOfRows, createKernelMemory, textCodec } from "../../src/index.ts";
import { type AnyOptions, type MapSetup, expectTwins } from "./kernel-kit.ts";

vi.setConfig({ testTimeout: 60_000 });

/** Bytes to lend that end where the memory does, but for what kernels read beyond. */
function bytesToEndOfMemory(): number {
  const least = 65_536;
  const probe = createKernelMemory(least);
  const end = probe.borrow().byteOffset + least;
  const beyond = 128;
  return least + ((65_536 - ((end + beyond) % 65_536)) % 65_536);
}

const memoryBytes = bytesToEndOfMemory();
const kernelMemory = createKernelMemory(memoryBytes);

const beforeMark = { column: "path", optional: false, before: "?" };

function setupOf(partitions: number): MapSetup {
  return {
    options: { key: textCodec, value: textCodec, partitions } as unknown as AnyOptions,
    memoryBytes,
    framing: { kind: "delimited", delimiter: "line" },
    chunkBytes: 1 << 20,
    step: (memory, output) =>
      addPairsOfRows(memory, {
        program: { conditions: [], key: [beforeMark], value: [beforeMark] },
        layout: { kind: "log" },
        output,
      }),
    map: (line, emit) => {
      const path = /GET (?<path>[^ ?]*)/u.exec(new TextDecoder().decode(line))!.groups!["path"]!;
      emit(path, path);
    },
  };
}

it.each([10, 100, 500, 2000, 3900, 8000])(
  "addPairsOfRows() keeps within the buffer: what stands before a mark in texts of %i characters",
  (length) => {
    const lines = Array.from({ length: 300 }, (_, index) => {
      const path = `/${"b".repeat(length)}${index}${index % 3 === 0 ? "?q=1" : ""}`;
      return `1.2.3.4 - - [10/Oct/2000:13:55:36 -0700] "GET ${path} HTTP/1.1" 200 5 "-" "x"\n`;
    });
    const behind = kernelMemory.place!.bytes.subarray(-128);
    behind.fill(7);
    const { left } = expectTwins(new TextEncoder().encode(lines.join("")), setupOf(3), kernelMemory);
    expect(left).toBe(0);
    expect(behind.every((byte) => byte === 7)).toBe(true);
  },
);
