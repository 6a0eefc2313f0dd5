import { describe, expect, it, vi } from "vitest";
import { createSystemClock } from "../src/system-clock.ts";

describe("createSystemClock()", () => {
  it("calls at a time, never before it", async () => {
    const clock = createSystemClock();
    const atMs = clock.monotonicMs() + 15;
    const called = await new Promise<number>((resolve) => clock.callAt(atMs, () => resolve(clock.monotonicMs())));
    expect(called).toBeGreaterThanOrEqual(atMs);
  });

  it("does not call a time beyond the range of timers at once", () => {
    vi.useFakeTimers();
    try {
      const clock = createSystemClock();
      const act = vi.fn<() => void>();
      const timer = clock.callAt(clock.monotonicMs() + 2 ** 32, act);
      vi.advanceTimersByTime(2 ** 31);
      expect(act).not.toHaveBeenCalled();
      vi.advanceTimersByTime(2 ** 31 + 10);
      expect(act).toHaveBeenCalledOnce();
      timer.cancel();
    } finally {
      vi.useRealTimers();
    }
  });

  it("calls a time that has passed soon, and not once it is cancelled", async () => {
    const clock = createSystemClock();
    const act = vi.fn<() => void>();
    clock.callAt(clock.monotonicMs() - 5, act).cancel();
    await new Promise<void>((resolve) => clock.callAt(clock.monotonicMs() - 5, resolve));
    expect(act).not.toHaveBeenCalled();
  });
});
