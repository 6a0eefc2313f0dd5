import { describe, expect, it } from "vitest";
import { nextTokenStep, renewalFailed, renewed } from "../../src/hdfs/token-life.ts";
import type { TokenLife } from "../../src/hdfs/token-life.ts";

const dayMs = 86_400_000;
const fresh: TokenLife = { renewedMs: 0, endsMs: dayMs, failureCount: 0, last: false };

describe("nextTokenStep()", () => {
  it("renews at three quarters of a token's life", () => {
    expect(nextTokenStep(fresh)).toEqual({ kind: "renew", atMs: 0.75 * dayMs });
    const again = renewed(fresh, 0.75 * dayMs, 1.75 * dayMs);
    expect(nextTokenStep(again)).toEqual({ kind: "renew", atMs: 1.5 * dayMs });
  });

  it("tries again later and later, until the token ends", () => {
    let life = fresh;
    const due = [];
    for (let count = 0; count < 1_000; count += 1) {
      life = renewalFailed(life);
      const step = nextTokenStep(life);
      due.push(step.atMs - 0.75 * dayMs);
      if (step.kind === "ends") break;
    }
    expect(due.slice(0, 6)).toEqual([30_000, 90_000, 210_000, 450_000, 930_000, 1_530_000]);
    expect(due.at(-1)).toBe(0.25 * dayMs);
    expect(due.length).toBeLessThan(50);
  });

  it("a renewal makes good what had failed", () => {
    const life = renewed(renewalFailed(renewalFailed(fresh)), 70_000_000, 70_000_000 + dayMs);
    expect(nextTokenStep(life)).toEqual({ kind: "renew", atMs: 70_000_000 + 0.75 * dayMs });
  });

  it("a token at the end of its longest life is renewed no more", () => {
    let life = fresh;
    let atMs = 0;
    let renewals = 0;
    for (let step = nextTokenStep(life); step.kind === "renew"; step = nextTokenStep(life)) {
      ({ atMs } = step);
      renewals += 1;
      life = renewed(life, atMs, Math.min(atMs + dayMs, 7 * dayMs));
    }
    expect([life.endsMs, renewals]).toEqual([7 * dayMs, 9]);
    expect(nextTokenStep(life)).toEqual({ kind: "ends", atMs: 7 * dayMs });
  });
});
