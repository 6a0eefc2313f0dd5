import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JobId } from "@millrace/core";
import { HistoryKeeper, chooseOldHistories } from "../../src/state/history-keeper.ts";
import { StateDirectory } from "../../src/state/state-directory.ts";

const jobOf = (index: number): JobId => `job-${String(index).padStart(26, "0")}` as JobId;
let directory = "";
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "millrace-histories-"))));
afterEach(() => rmSync(directory, { recursive: true }));

/** Leave the directory of a job that was over for good at a time; without a time it is not. */
function leave(index: number, bytes: number, sweptSeconds?: number): void {
  const path = join(directory, "jobs", jobOf(index));
  mkdirSync(join(path, "logs"), { recursive: true });
  writeFileSync(join(path, "logs", "0-0.0"), Buffer.alloc(bytes));
  if (sweptSeconds === undefined) return;
  writeFileSync(join(path, "summary.json"), "");
  utimesSync(join(path, "summary.json"), sweptSeconds, sweptSeconds);
}

describe("chooseOldHistories()", () => {
  it("takes the oldest until the others are within the bounds, and never the newest", () => {
    const history = fc.record({ bytes: fc.nat(100), sweptMs: fc.nat(20) });
    fc.assert(
      fc.property(fc.array(history), fc.nat(10), fc.nat(300), (found, historiesMax, bytesMax) => {
        const histories = found.map((each, index) => ({ ...each, job: jobOf(index) }));
        const old = chooseOldHistories(histories, { historiesMax, bytesMax });
        const kept = histories.filter(({ job }) => !old.includes(job));
        const newestGone = Math.max(
          0,
          ...histories.filter(({ job }) => old.includes(job)).map(({ sweptMs }) => sweptMs),
        );
        expect(kept.every(({ sweptMs }) => sweptMs >= newestGone)).toBe(true);
        if (histories.length > 0) expect(kept.length).toBeGreaterThan(0);
        const within = kept.length <= historiesMax && kept.reduce((sum, { bytes }) => sum + bytes, 0) <= bytesMax;
        expect(within || kept.length <= 1).toBe(true);
        // Not one more than needed: with the last of them the bounds were broken.
        const last = histories.find(({ job }) => job === old.at(-1));
        if (last === undefined) return;
        const before = [...kept, last];
        const fitted = before.length <= historiesMax && before.reduce((sum, { bytes }) => sum + bytes, 0) <= bytesMax;
        expect(fitted).toBe(false);
      }),
    );
  });
});

describe("HistoryKeeper", () => {
  it("removes the oldest histories of earlier reigns, and no job that is not over for good", async () => {
    const state = await StateDirectory.open(directory);
    leave(1, 10, 3_000);
    leave(2, 10, 1_000);
    leave(3, 10, 2_000);
    leave(4, 10);
    const removed: JobId[] = [];
    const keeper = new HistoryKeeper(state, (job) => removed.push(job), { historiesMax: 2, bytesMax: 1_000 });
    keeper.begin();
    await keeper.close();
    expect(removed).toEqual([jobOf(2)]);
    expect(readdirSync(join(directory, "jobs")).toSorted()).toEqual([jobOf(1), jobOf(3), jobOf(4)]);
  });

  it("makes room as jobs end, by bytes too, and keeps the one that has just ended however large", async () => {
    const state = await StateDirectory.open(directory);
    const removed: JobId[] = [];
    const keeper = new HistoryKeeper(state, (job) => removed.push(job), { historiesMax: 10, bytesMax: 100 });
    for (const [index, bytes] of [40, 40, 40, 500].entries()) {
      leave(index, bytes, 1_000 + index);
      keeper.noteSwept(jobOf(index));
    }
    await keeper.close();
    expect(removed).toEqual([jobOf(0), jobOf(1), jobOf(2)]);
    expect(await state.listJobs()).toEqual([jobOf(3)]);
  });

  it("ends what a killed process began to remove", async () => {
    const state = await StateDirectory.open(directory);
    const half = join(directory, "jobs", `.removed-${jobOf(7)}`);
    mkdirSync(half);
    writeFileSync(join(half, "journal"), "");
    const keeper = new HistoryKeeper(state, () => undefined);
    keeper.begin();
    await keeper.close();
    expect(existsSync(half)).toBe(false);
  });
});
