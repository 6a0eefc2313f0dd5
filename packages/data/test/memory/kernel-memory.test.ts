import { afterEach, describe, expect, it, vi } from "vitest";
import {
  type Aggregator,
  MemoryRunStore,
  count,
  createKernelMemory,
  createMapOutput,
  textCodec,
} from "../../src/index.ts";
import { textKernels } from "../../src/kernel/text-kernels.ts";
import { tools } from "../map/map-reduce-kit.ts";

const assembly = (globalThis as unknown as { readonly WebAssembly: { readonly Memory: unknown } }).WebAssembly;

/** A constructor that refuses. */
function refusing(message: string): () => never {
  return function refuse() {
    throw new RangeError(message);
  };
}

/** Keeps the last value, in a state of so many bytes, which are reserved and not touched. */
function reserving(): Aggregator<number, number> {
  return {
    wire: "reserving",
    stateBytes: 16,
    add: (cell, value) => {
      cell.view.setFloat64(cell.offset, value, true);
      return cell.resize(Math.max(16, value));
    },
    merge: () => true,
    encode: (cell, sink) => {
      sink.writeFloat64(cell.view.getFloat64(cell.offset, true));
    },
    present: () => 0,
  };
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe("createKernelMemory()", () => {
  it("has kernels, and lends what is asked for", () => {
    const memory = createKernelMemory(65_536);
    expect(memory.open(textKernels)).toBeDefined();
    expect(memory.borrow()).toHaveLength(65_536);
  });

  it("compiles what most jobs use when it is asked to, one module after the other, each once", () => {
    const memory = createKernelMemory(65_536);
    memory.open(textKernels);
    expect([memory.openNext(), memory.openNext()]).toEqual([true, false]);
  });

  it("has what kernels read beyond the last slot, wherever the memory ends in a page", () => {
    const some = createKernelMemory(65_536);
    const lent = some.borrow();
    const toPageEnd = some.place!.bytes.length - lent.byteOffset - lent.length;
    for (let rest = 0; rest <= 128; rest += 8) {
      const memoryBytes = lent.length + toPageEnd - rest;
      const output = createMapOutput<string, number>({
        key: textCodec,
        aggregator: count(),
        partitions: 1,
        memoryBytes,
        memory: createKernelMemory(memoryBytes),
        store: new MemoryRunStore(),
        tools,
        runName: "run",
      });
      for (let index = 0; index < 150; index++) output.emit(`key ${index}`, 1);
      expect(output.finish().pairs).toBe(150);
    }
  });

  it("may be larger than 2 GiB: states that lie beyond are found again", () => {
    const memoryBytes = 3 * 2 ** 30;
    const output = createMapOutput<string, number>({
      key: textCodec,
      aggregator: reserving(),
      partitions: 1,
      memoryBytes,
      memory: createKernelMemory(memoryBytes),
      store: new MemoryRunStore(),
      tools,
      runName: "run",
    });
    for (let index = 0; index < 4; index++) output.emit(`large ${index}`, 600 * 2 ** 20);
    for (let index = 0; index < 10; index++) output.emit(`small ${index % 5}`, index);
    expect(output.finish()).toMatchObject({ pairs: 9, spills: 0 });
  });

  it.each([
    ["there is no WebAssembly", undefined],
    ["there are no addresses for a memory of it", { Memory: refusing("WebAssembly.Memory(): could not allocate") }],
    [
      "the machine refuses the module, as one without SIMD does",
      { ...assembly, Memory: assembly.Memory, Module: refusing("no SIMD") },
    ],
  ])("lends memory without kernels where %s", (_where, found) => {
    vi.stubGlobal("WebAssembly", found);
    const memory = createKernelMemory(65_536);
    expect(memory.open(textKernels)).toBeUndefined();
    expect(memory.borrow()).toHaveLength(65_536);
  });
});
