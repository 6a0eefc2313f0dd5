// Samples and key ranges on their way through the driver to hosts.

import { describe, expect, it } from "vitest";
import { attemptKey, type JobBrief } from "@millrace/core";
import type { AttemptOrder } from "@millrace/ports";
import { attempt, brief, finishedOf, job, Played, settle } from "./played-worker.ts";

const ranged: JobBrief = {
  ...brief,
  stages: [
    { kind: "sample", tasks: 4, partitions: 0, reads: -1, outputs: [] },
    { kind: "map", tasks: 4, partitions: 3, reads: -1, outputs: [] },
  ],
};
const split = { input: 0, parts: [], bytes: 0, hosts: [] };

describe("WorkerDriver with key ranges", () => {
  it("starts a sample with its bound on keys, and tells what it sampled", async () => {
    const played = new Played();
    await played.begin(ranged);
    const ref = attempt(0, 0);
    played.tell({ kind: "launch-sample", attempt: ref, split, keysMax: 16 });
    await settle();
    const started = played.orders.get(attemptKey(ref));
    expect(started?.order).toMatchObject({ work: { kind: "sample", split, keysMax: 16 } });
    expect(started?.order).not.toHaveProperty("runPath");
    expect(started?.order).not.toHaveProperty("cuts");
    const result = { ...finishedOf(ref), sample: ["00", "ff"] };
    started?.handler.onFinished(result, undefined);
    await settle();
    expect(played.sent).toEqual([{ kind: "finished", result }]);
  });

  it("gives maps the cuts as bytes, the same for all attempts of a stage", async () => {
    const played = new Played();
    await played.begin(ranged);
    played.tell({ kind: "ranges", job, stage: 1, cuts: ["", "00ff80"] });
    const cutsOf = async (task: number): Promise<AttemptOrder["cuts"]> => {
      const ref = attempt(1, task);
      played.tell({ kind: "launch-map", attempt: ref, split });
      await settle();
      const started = played.orders.get(attemptKey(ref));
      started?.handler.onFailed({ code: "E_TASK_CRASHED", message: "the test says so" });
      await settle();
      return started?.order.cuts;
    };
    const first = await cutsOf(0);
    expect(first?.map((cut) => [...cut])).toEqual([[], [0, 255, 128]]);
    expect(await cutsOf(1)).toBe(first);
  });
});
