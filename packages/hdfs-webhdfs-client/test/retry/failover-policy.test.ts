import { describe, expect, it } from "vitest";
import { resolveOptions } from "../../src/client-options.ts";
import { decideRetry, type FailureKind, type RetryCase, retryDelayMs } from "../../src/retry/failover-policy.ts";

const bounds = resolveOptions({ nameNodes: ["http://nn:1"] }).retry;
const retryCase = (changes: Partial<RetryCase>): RetryCase => ({
  failure: "not-active",
  counts: { failovers: 0, retries: 0 },
  idempotent: true,
  serverCount: 2,
  random: 0.5,
  known: true,
  ...changes,
});

describe("retryDelayMs()", () => {
  it("doubles from 1 s to the cap of 15 s, none before the first", () => {
    expect([0, 1, 2, 3, 4, 5, 6, 60].map((times) => retryDelayMs(times, 0.5, bounds))).toEqual([
      0, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000,
    ]);
  });

  it("is half to one and a half of that, by the randomness handed in", () => {
    expect(retryDelayMs(3, 0, bounds)).toBe(2000);
    expect(retryDelayMs(3, 0.999, bounds)).toBe(5996);
  });
});

describe("decideRetry()", () => {
  it("fails over between two, repeats at one", () => {
    expect(decideRetry(retryCase({}), bounds)).toEqual({ kind: "failover", delayMs: 0 });
    expect(decideRetry(retryCase({ serverCount: 1 }), bounds)).toEqual({ kind: "retry", delayMs: 0 });
  });

  it("ends after 15 failovers, after 10 repeats", () => {
    expect(decideRetry(retryCase({ counts: { failovers: 14, retries: 0 } }), bounds).kind).toBe("failover");
    expect(decideRetry(retryCase({ counts: { failovers: 15, retries: 0 } }), bounds).kind).toBe("fail");
    expect(decideRetry(retryCase({ serverCount: 1, counts: { failovers: 0, retries: 9 } }), bounds).kind).toBe("retry");
    expect(decideRetry(retryCase({ serverCount: 1, counts: { failovers: 0, retries: 10 } }), bounds).kind).toBe("fail");
  });

  it("never repeats an answer, and what is not idempotent only if nothing was done", () => {
    const kind = (failure: FailureKind, idempotent: boolean) =>
      decideRetry(retryCase({ failure, idempotent }), bounds).kind;
    expect(kind("final", true)).toBe("fail");
    expect(kind("lost", true)).toBe("failover");
    expect(kind("lost", false)).toBe("fail");
    expect(kind("not-active", false)).toBe("failover");
    expect(kind("not-ready", false)).toBe("failover");
  });

  it("gives a service that never answered three rounds", () => {
    const at = (failovers: number) =>
      decideRetry(retryCase({ known: false, counts: { failovers, retries: 0 } }), bounds).kind;
    expect([0, 4, 5].map(at)).toEqual(["failover", "failover", "fail"]);
  });
});
