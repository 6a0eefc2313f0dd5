import { availableParallelism } from "node:os";
import { describe, expect, it } from "vitest";
import { slotsOf, taskMemoryOf } from "../../src/config/config-numbers.ts";

describe("slotsOf()", () => {
  it("gives the number, and one for each core for 0, from wherever it comes", () => {
    expect(slotsOf({ value: "3", origin: "millrace.yaml" })).toBe(3);
    for (const origin of ["flag", "MILLRACE_SLOTS", "default"])
      expect(slotsOf({ value: "0", origin })).toBe(availableParallelism());
  });

  it("refuses a flag as usage, and else the configuration with where it comes from", () => {
    expect(() => slotsOf({ value: "lots", origin: "flag" })).toThrow(
      expect.objectContaining({ code: "E_USAGE", message: expect.stringMatching(/^Cannot read --slots "lots": /u) }),
    );
    expect(() => slotsOf({ value: "257", origin: "MILLRACE_SLOTS" })).toThrow(
      expect.objectContaining({
        code: "E_CONFIGURATION",
        message: expect.stringMatching(/^Cannot read slots of MILLRACE_SLOTS "257": .* from 0 to 256; /u),
      }),
    );
  });
});

describe("taskMemoryOf()", () => {
  it("refuses more than a task can address", () => {
    expect(() => taskMemoryOf({ value: "4GiB", origin: "MILLRACE_TASK_MEMORY" })).toThrow(
      'Cannot use taskMemory of MILLRACE_TASK_MEMORY "4GiB": more than 4,080 MiB, which one task cannot address; set it to 4080MiB or less, and use more slots',
    );
  });

  it("gives bytes, 1 MiB at least", () => {
    expect(taskMemoryOf({ value: "1MiB", origin: "millrace.yaml" })).toBe(2 ** 20);
    expect(taskMemoryOf({ value: "4080MiB", origin: "millrace.yaml" })).toBe(4_080 * 2 ** 20);
  });

  it.each(["1KiB", "much"])("refuses %s with where it comes from", (value) => {
    expect(() => taskMemoryOf({ value, origin: "/etc/millrace/millrace.yaml" })).toThrow(
      expect.objectContaining({
        code: "E_CONFIGURATION",
        message: expect.stringContaining(`taskMemory of /etc/millrace/millrace.yaml "${value}"`),
      }),
    );
  });
});
