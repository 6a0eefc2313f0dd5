import { describe, expect, test } from "vitest";
import { runSeed } from "../src/run-seed.ts";
import { withTrap } from "../src/runtime-trap.ts";
import { drawSwarm } from "../src/swarm.ts";

describe("runSeed()", () => {
  test("ends without a broken promise for the first seeds", () => {
    const failed = Array.from({ length: 40 }, (_, seed) => runSeed(seed)).filter(
      ({ failure }) => failure !== undefined,
    );
    expect(failed.map(({ seed, failure }) => `${seed}: ${failure?.invariant} ${failure?.message}`)).toEqual([]);
  });

  test("gives one trace hash for two runs of a seed, and another for another seed", () => {
    expect(runSeed(7).hash).toBe(runSeed(7).hash);
    expect(runSeed(7).hash).not.toBe(runSeed(8).hash);
  });

  test("tells each line of its trace when asked", () => {
    const lines: string[] = [];
    runSeed(1, { onTrace: (line) => lines.push(line) });
    expect(lines.some((line) => line.includes("coordinator < recovered 1"))).toBe(true);
  });
});

describe("drawSwarm()", () => {
  test("has runs without faults and runs with one slot in all", () => {
    const drawn = Array.from({ length: 200 }, (_, seed) => drawSwarm(seed));
    expect(drawn.some(({ calm, workerCrashMeanMs }) => calm && workerCrashMeanMs === 0)).toBe(true);
    expect(drawn.some(({ workers, slots }) => workers * slots === 1)).toBe(true);
  });
});

describe("withTrap()", () => {
  test("makes clocks, timers and random numbers throw, and puts them back", () => {
    const forbidden = [
      () => Date.now(),
      () => new Date(),
      () => Math.random(),
      () => performance.now(),
      () => setTimeout(() => undefined, 1),
    ];
    withTrap(() => {
      for (const use of forbidden) expect(use).toThrow("may not reach outside");
    });
    expect(Date.now()).toBeGreaterThan(0);
    expect(() => withTrap(() => Math.random())).toThrow("Math.random");
    expect(Math.random()).toBeLessThan(1);
  });
});
