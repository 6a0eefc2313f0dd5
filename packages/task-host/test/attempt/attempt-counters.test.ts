import { describe, expect, it } from "vitest";
import { AttemptCounters } from "../../src/attempt/attempt-counters.ts";

describe("AttemptCounters", () => {
  it("count() refuses a sum that no number counts exactly, and keeps what it had", () => {
    const counters = new AttemptCounters();
    counters.count("many", Number.MAX_SAFE_INTEGER);
    expect(() => counters.count("many")).toThrow(expect.objectContaining({ code: "E_USER_CODE" }) as Error);
    expect(counters.result()).toEqual({ many: Number.MAX_SAFE_INTEGER });
  });
});
