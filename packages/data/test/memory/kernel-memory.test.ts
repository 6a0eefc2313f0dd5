import { afterEach, describe, expect, it, vi } from "vitest";
import { createKernelMemory } from "../../src/index.ts";
import { textKernels } from "../../src/kernel/text-kernels.ts";

const assembly = (globalThis as unknown as { readonly WebAssembly: { readonly Memory: unknown } }).WebAssembly;

/** A constructor that refuses. */
function refusing(message: string): () => never {
  return function refuse() {
    throw new RangeError(message);
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
