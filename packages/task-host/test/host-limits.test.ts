import { describe, expect, it } from "vitest";
import { defaultSlotMemory, slotMemoryOf } from "../src/host-limits.ts";

const MiB = 2 ** 20;

describe("slotMemoryOf()", () => {
  it("gives the default where nothing is said, and for a smaller table or buffer", () => {
    expect(slotMemoryOf()).toEqual(defaultSlotMemory);
    expect(slotMemoryOf({ slotBytes: MiB })).toEqual({ ...defaultSlotMemory, slotBytes: MiB });
  });

  it("lets a host be as much larger as its table or buffer is", () => {
    expect(slotMemoryOf({ slotBytes: 2048 * MiB })).toEqual({
      slotBytes: 2048 * MiB,
      heapBytes: 512 * MiB,
      residentBytesMax: (1024 + 2048 - 256) * MiB,
    });
  });

  it("keeps to a limit that is said", () => {
    const given = { slotBytes: 2048 * MiB, residentBytesMax: 3000 * MiB };
    expect(slotMemoryOf(given)).toEqual({ ...defaultSlotMemory, ...given });
  });
});
