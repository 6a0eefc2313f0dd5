import { armFailpoints } from "@millrace/ports";
import { textKernels } from "@millrace/data";
import { afterEach, describe, expect, it } from "vitest";
import { createSlotMemory } from "../../src/compute/slot-memory.ts";

const bytes = 65_536;

afterEach(() => {
  armFailpoints(undefined);
});

describe("createSlotMemory()", () => {
  it("makes memory with kernels", () => {
    expect(createSlotMemory(bytes).open(textKernels)).toBeDefined();
  });

  it("makes memory without, of the same size, where a failpoint takes them away", () => {
    armFailpoints("host.beforeKernels=error");
    const memory = createSlotMemory(bytes);
    expect(memory.place).toBeUndefined();
    expect(memory.open(textKernels)).toBeUndefined();
    expect(memory.budget.limit).toBe(bytes);
    expect(memory.borrow()).toHaveLength(bytes);
  });
});
