import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { WorkerId } from "../../src/model/ids.ts";
import type { SegmentPlace } from "../../src/model/session-messages.ts";
import {
  addLocal,
  addPlaces,
  createFetchBudget,
  createGather,
  dropPlaces,
  endGather,
  fetchFailed,
  fetchSucceeded,
  forgetLocal,
  isGathered,
  localSegments,
  nextFetches,
  nextRetryMs,
} from "../../src/shuffle/gather-plan.ts";

const bounds = { fetchesMax: 4, fetchesPerSourceMax: 2, fetchTriesMax: 3, fetchRetryMs: 100, fetchRetryMsMax: 1_000 };

function place(task: number, worker: string, attempt = 0): SegmentPlace {
  return {
    task,
    attempt,
    worker: worker as WorkerId,
    address: `${worker}:1`,
    pairs: 1,
    rawBytes: 10,
    digest: "0".repeat(16),
  };
}

const names = (places: readonly SegmentPlace[]): readonly string[] =>
  places.map(({ task, worker }) => `${task}@${worker}`);

describe("nextFetches()", () => {
  it("takes turns among sources, bounded at each and in all", () => {
    const budget = createFetchBudget(bounds);
    const gather = createGather({ maps: 9, partition: 0, bounds });
    addPlaces(
      gather,
      [0, 1, 2].flatMap((n) => [place(n, "a"), place(3 + n, "b"), place(6 + n, "c")]),
    );
    expect(names(nextFetches(gather, budget, 0))).toEqual(["0@a", "3@b", "6@c", "1@a"]);
    expect(nextFetches(gather, budget, 0)).toEqual([]);
    fetchSucceeded(gather, budget, { task: 0, attempt: 0 });
    fetchSucceeded(gather, budget, { task: 6, attempt: 0 });
    expect(names(nextFetches(gather, budget, 0))).toEqual(["2@a", "4@b"]);
  });

  it("begins at another source for another partition", () => {
    const first = (partition: number) => {
      const gather = createGather({ maps: 3, partition, bounds });
      addPlaces(gather, [place(0, "a"), place(1, "b"), place(2, "c")]);
      return names(nextFetches(gather, createFetchBudget(bounds), 0))[0];
    };
    expect([0, 1, 2, 3].map(first)).toEqual(["0@a", "1@b", "2@c", "0@a"]);
  });

  it("shares the budget among the gathers of a worker", () => {
    const budget = createFetchBudget(bounds);
    const one = createGather({ maps: 3, partition: 0, bounds });
    const two = createGather({ maps: 3, partition: 0, bounds });
    for (const gather of [one, two]) addPlaces(gather, [place(0, "a"), place(1, "a"), place(2, "b")]);
    expect(names(nextFetches(one, budget, 0))).toEqual(["0@a", "2@b", "1@a"]);
    expect(names(nextFetches(two, budget, 0))).toEqual(["2@b"]);
    endGather(one, budget);
    expect(names(nextFetches(two, budget, 0))).toEqual(["0@a", "1@a"]);
  });

  it("takes 100,000 places in well under a second", () => {
    const budget = createFetchBudget(bounds);
    const gather = createGather({ maps: 100_000, partition: 7, bounds });
    addPlaces(
      gather,
      Array.from({ length: 100_000 }, (_, task) => place(task, `w${task % 3}`)),
    );
    let fetched = 0;
    for (let due = nextFetches(gather, budget, 0); due.length > 0; due = nextFetches(gather, budget, 0)) {
      for (const { task, attempt } of due) fetchSucceeded(gather, budget, { task, attempt });
      fetched += due.length;
    }
    expect(fetched).toBe(100_000);
    expect(isGathered(gather)).toBe(true);
  });
});

describe("fetchFailed()", () => {
  it("retries after a doubling wait and complains after every third try", () => {
    const budget = createFetchBudget(bounds);
    const gather = createGather({ maps: 1, partition: 0, bounds });
    addPlaces(gather, [place(0, "a")]);
    let atMs = 0;
    const course: string[] = [];
    for (let tries = 0; tries < 7; tries += 1) {
      expect(nextFetches(gather, budget, atMs)).toHaveLength(1);
      const verdict = fetchFailed(gather, budget, { task: 0, attempt: 0 }, atMs);
      const due = nextRetryMs(gather) ?? Number.NaN;
      course.push(`${verdict} ${due - atMs}`);
      expect(nextFetches(gather, budget, due - 1)).toEqual([]);
      atMs = due;
    }
    expect(course).toEqual([
      "retry 100",
      "retry 200",
      "complain 400",
      "retry 800",
      "retry 1000",
      "complain 1000",
      "retry 1000",
    ]);
  });

  it("goes to a newer place at once", () => {
    const budget = createFetchBudget(bounds);
    const gather = createGather({ maps: 1, partition: 0, bounds });
    addPlaces(gather, [place(0, "a")]);
    nextFetches(gather, budget, 0);
    addPlaces(gather, [place(0, "b", 1)]);
    expect(nextFetches(gather, budget, 0)).toEqual([]);
    expect(fetchFailed(gather, budget, { task: 0, attempt: 0 }, 0)).toBe("retry");
    expect(names(nextFetches(gather, budget, 0))).toEqual(["0@b"]);
    expect(fetchFailed(gather, budget, { task: 0, attempt: 0 }, 0)).toBe("stale");
  });
});

describe("dropPlaces()", () => {
  it("forgets what is not local, and says which fetches to cancel", () => {
    const budget = createFetchBudget(bounds);
    const gather = createGather({ maps: 3, partition: 0, bounds });
    addPlaces(gather, [place(0, "a"), place(1, "a"), place(2, "a")]);
    nextFetches(gather, budget, 0);
    fetchSucceeded(gather, budget, { task: 0, attempt: 0 });
    expect(dropPlaces(gather, budget, [0, 1, 2])).toEqual([1]);
    expect(budget.running).toBe(0);
    expect(fetchSucceeded(gather, budget, { task: 1, attempt: 0 })).toBe(false);
    expect(localSegments(gather).map(({ task }) => task)).toEqual([0]);
    addPlaces(gather, [place(1, "b", 1), place(2, "b", 1)]);
    expect(names(nextFetches(gather, budget, 0))).toEqual(["1@b", "2@b"]);
  });
});

describe("a gather", () => {
  it("is complete at once when no map wrote anything", () => {
    expect(isGathered(createGather({ maps: 0, partition: 0, bounds }))).toBe(true);
  });

  it("waits again for a segment that vanished", () => {
    const budget = createFetchBudget(bounds);
    const gather = createGather({ maps: 1, partition: 0, bounds });
    const segment = { task: 0, attempt: 0, where: "own-run" as const, pairs: 1, rawBytes: 5, digest: "0".repeat(16) };
    addLocal(gather, budget, segment);
    expect([isGathered(gather), gather.localBytes]).toEqual([true, 5]);
    forgetLocal(gather, 0);
    expect([isGathered(gather), gather.localBytes]).toEqual([false, 0]);
    addPlaces(gather, [place(0, "a")]);
    expect(names(nextFetches(gather, budget, 0))).toEqual(["0@a"]);
  });

  it("never passes its bounds and ends complete, whatever happens in between", () => {
    const step = fc.record({
      kind: fc.constantFrom("ok", "fail", "lose", "move", "vanish"),
      pick: fc.nat({ max: 99 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const maps = 6;
        const budget = createFetchBudget(bounds);
        const gather = createGather({ maps, partition: 1, bounds });
        const running = new Map<number, SegmentPlace>();
        const attempts = new Map<number, number>();
        let atMs = 0;
        const offer = (task: number): void => {
          const attempt = attempts.get(task) ?? 0;
          addPlaces(gather, [place(task, `w${(task + attempt) % 3}`, attempt)]);
        };
        const start = (): void => {
          for (const due of nextFetches(gather, budget, atMs)) {
            expect(running.has(due.task)).toBe(false);
            running.set(due.task, due);
          }
          expect(budget.running).toBe(running.size);
          expect(running.size).toBeLessThanOrEqual(bounds.fetchesMax);
          for (const worker of ["w0", "w1", "w2"])
            expect([...running.values()].filter((due) => due.worker === worker).length).toBeLessThanOrEqual(
              bounds.fetchesPerSourceMax,
            );
        };
        const finish = (task: number, good: boolean): void => {
          const due = running.get(task);
          if (due === undefined) return;
          running.delete(task);
          if (good) expect(fetchSucceeded(gather, budget, due)).toBe(true);
          else expect(fetchFailed(gather, budget, due, atMs)).not.toBe("stale");
        };
        for (let task = 0; task < maps; task += 1) offer(task);
        for (const { kind, pick } of steps) {
          start();
          const task = pick % maps;
          atMs += pick;
          if (kind === "ok" || kind === "fail") finish(task, kind === "ok");
          else if (kind === "vanish") {
            forgetLocal(gather, task);
            if (!running.has(task)) offer(task);
          } else {
            attempts.set(task, (attempts.get(task) ?? 0) + 1);
            if (kind === "lose") for (const gone of dropPlaces(gather, budget, [task])) running.delete(gone);
            offer(task);
          }
        }
        for (let round = 0; round < 50 && !isGathered(gather); round += 1) {
          atMs += bounds.fetchRetryMsMax;
          start();
          for (const task of running.keys()) finish(task, true);
        }
        expect(isGathered(gather)).toBe(true);
        expect(budget.running).toBe(0);
        expect(localSegments(gather).map(({ task }) => task)).toEqual([0, 1, 2, 3, 4, 5]);
      }),
    );
  });
});
