// Memory accounting as a model, over all short histories and long random ones.

import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KernelMemory, MemoryBudget } from "../../src/index.ts";

describe("MemoryBudget", () => {
  it("keeps 0 <= used <= limit over any history, takes whenever it can, and ends at zero", () => {
    fc.assert(
      fc.property(fc.nat(50), fc.array(fc.record({ take: fc.boolean(), bytes: fc.nat(30) })), (limit, steps) => {
        const budget = new MemoryBudget(limit);
        const held: number[] = [];
        for (const { take, bytes } of steps) {
          const used = held.reduce((a, b) => a + b, 0);
          if (take) {
            expect(budget.maybeTake(bytes)).toBe(bytes <= limit - used);
            if (bytes <= limit - used) held.push(bytes);
          } else if (held.length > 0) budget.give(held.pop()!);
          const now = held.reduce((a, b) => a + b, 0);
          expect([budget.used, budget.free]).toEqual([now, limit - now]);
          expect(budget.peak).toBeLessThanOrEqual(limit);
        }
        if (held.some((bytes) => bytes > 0)) expect(() => budget.close()).toThrow("never given back");
        for (const bytes of held) budget.give(bytes);
        budget.close();
      }),
    );
  });
  it("refuses to give back more than was taken, and sizes that are none", () => {
    const budget = new MemoryBudget(10);
    budget.take(4);
    expect(() => budget.give(5)).toThrow("given back");
    expect(() => budget.take(7)).toThrow("free");
    for (const bytes of [-1, 0.5, Number.NaN, 2 ** 53]) expect(() => budget.maybeTake(bytes)).toThrow("whole bytes");
    expect(budget.used).toBe(4);
  });
});

describe("KernelMemory", () => {
  it("is lent to one at a time, and counted", () => {
    const memory = new KernelMemory(64);
    expect(memory.borrow().length).toBe(64);
    expect(memory.budget.used).toBe(64);
    expect(() => memory.borrow()).toThrow("one at a time");
    memory.giveBack();
    expect(() => memory.giveBack()).toThrow("once");
    memory.budget.close();
  });
  it("may be part of a larger or shared buffer", () => {
    expect(new KernelMemory(64, new SharedArrayBuffer(128)).borrow().length).toBe(64);
    expect(() => new KernelMemory(64, new ArrayBuffer(32))).toThrow("multiple of 8");
    expect(() => new KernelMemory(63)).toThrow("multiple of 8");
  });
  it("is smaller than 4 GiB: places in it have 32 bits", () => {
    // Only its length is looked at: nothing is reserved.
    const bufferOf = (byteLength: number): ArrayBuffer => ({ byteLength }) as ArrayBuffer;
    expect(new KernelMemory(2 ** 32 - 8, bufferOf(2 ** 32 - 8)).budget.limit).toBe(2 ** 32 - 8);
    expect(() => new KernelMemory(2 ** 32, bufferOf(2 ** 32))).toThrow("smaller than 4 GiB");
  });
});
