/* oxlint-disable unicorn/no-thenable */
// What user functions return, and when they may emit: thenables are the point here.
import { checkReturned, seededRandom } from "@millrace/sdk/engine";
import { describe, expect, it } from "vitest";

describe("checkReturned()", () => {
  it.each([
    ["a promise", Promise.resolve(), "it returned a promise"],
    ["a thenable", { then: () => undefined }, "it returned a promise"],
    ["a generator", (function* () {})(), "it returned a generator"],
    ["an asynchronous generator", (async function* () {})(), "it returned a generator"],
  ])("refuses %s", (_what, returned, message) => {
    expect(() => checkReturned(returned, "map")).toThrow(
      expect.objectContaining({ code: "E_ASYNC_USER_CODE", message: expect.stringContaining(message) as string }),
    );
  });

  it.each([[undefined], [null], [false], [1], ["text"], [[undefined]], [{ then: "a field" }], [() => undefined]])(
    "takes %j",
    (returned) => {
      expect(() => checkReturned(returned, "map")).not.toThrow();
    },
  );
});

describe("seededRandom()", () => {
  it("gives the same sequence for the same seed, and another for another", () => {
    const take = (seed: string): number[] => Array.from({ length: 5 }, seededRandom(seed));
    expect(take("plan/7")).toEqual(take("plan/7"));
    expect(take("plan/7")).not.toEqual(take("plan/8"));
    // Part of the promise that a task gives the same pairs in every release: these numbers may not change.
    expect(take("millrace").map((value) => value * 2 ** 32)).toMatchInlineSnapshot(`
      [
        194290122,
        484468437,
        2620959975,
        3698748813,
        4284970889,
      ]
    `);
  });

  it("spreads over [0, 1)", () => {
    const random = seededRandom("spread");
    const buckets = Array.from({ length: 10 }, () => 0);
    for (let round = 0; round < 10_000; round++) {
      const bucket = Math.floor(random() * 10);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    expect(Math.min(...buckets)).toBeGreaterThan(850);
    expect(Math.max(...buckets)).toBeLessThan(1150);
  });
});
