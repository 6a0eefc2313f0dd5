// What people see of jobs: bounded progress, reasons for every wait, and one face for live and finished jobs.
import { describe, expect, it } from "vitest";
import type { JobRun } from "../../src/index.ts";
import {
  attemptView,
  clusterView,
  createJobRun,
  jobSummary,
  jobView,
  partitionViews,
  replayJob,
  taskPage,
  workerViews,
} from "../../src/index.ts";
import type { CoordinatorWorld } from "../schedule/coordinator/coordinator-world.ts";
import { makeCoordinatorScript } from "../schedule/coordinator/coordinator-script.ts";

const story = [
  "begin",
  "submit one maps=3 reduces=2",
  "worker w-1",
  "worker w-2",
  "finish one/0-0.0",
  "fail one/0-1.0 E_USER_CODE it threw",
  "finish one/0-2.0",
  "cut w-1",
  "freeze w-1",
  "pass 12",
  "thaw w-1",
  "reconnect w-1",
  "restart 2",
  "reconnect w-1",
  "reconnect w-2",
];

function runOf(world: CoordinatorWorld): JobRun | undefined {
  return [...world.machine.reign.jobs.values()][0];
}

describe("jobView()", () => {
  it("shows progress that stays in 0 to 1 and never goes back, and a reason for whatever waits", () => {
    const script = makeCoordinatorScript();
    let before = 0;
    for (const command of story) {
      script(command);
      const world = script.world();
      const run = runOf(world);
      if (command.startsWith("restart")) before = 0; // a new reign has lost what was not durable
      if (run === undefined) continue;
      const view = jobView(run, world.atMs);
      expect(view.progress).toBeGreaterThanOrEqual(before);
      expect(view.progress).toBeLessThanOrEqual(1);
      before = view.progress;
      const { tasks } = taskPage(run, { offset: 0, limit: 100 }, world.atMs);
      for (const task of tasks) {
        if (task.state !== "waiting") continue;
        expect(task.wait?.reason).toMatch(/^[a-z-]+$/);
        expect(task.wait?.deadlineInMs).toBeGreaterThanOrEqual(0);
      }
    }
  });

  it("shows a finished job from its journal as it was shown live", () => {
    const script = makeCoordinatorScript();
    script("begin\nworker w-1\nworker w-2\nsubmit one maps=2 reduces=2\nfinish one/0-0.0\nhold remove\ndrive");
    const world = script.world();
    const live = runOf(world);
    const state = replayJob([...world.jobJournals.values()][0] ?? []);
    if (live === undefined || state === undefined) throw new Error("no job");
    const history = createJobRun(state, 0);
    expect(jobView(history, 0)).toEqual({ ...jobView(live, 0), waits: [] });
    expect(taskPage(history, { offset: 0, limit: 10 }, 0)).toEqual(taskPage(live, { offset: 0, limit: 10 }, 0));
    expect(jobSummary(history)).toMatchObject({
      state: "succeeded",
      progress: 1,
      tasks: 4,
      tasksDone: 4,
      attemptsRunning: 0,
    });
    expect(jobView(history, 0)).toMatchObject({
      parts: 2,
      outputBytes: 30,
      outputRecords: 3,
      outputs: [{ name: "", parts: 2, bytes: 30, records: 3 }],
      counters: { records: 204 },
    });
  });
});

describe("jobView() of counters", () => {
  it("shows a sum that no number counts exactly as the largest that does", () => {
    const script = makeCoordinatorScript();
    script("begin\nworker w-1\nsubmit one maps=1 reduces=1");
    const run = runOf(script.world());
    if (run === undefined) throw new Error("no job");
    run.state.counters.set("many", 2 ** 60);
    run.state.counters.set("few", 3);
    expect(jobView(run, 0).counters).toMatchObject({ few: 3, many: Number.MAX_SAFE_INTEGER });
  });
});

describe("jobView() of a job with key ranges", () => {
  it("says that maps wait for samples, how many are in, and nothing of them once the ranges are made", () => {
    const script = makeCoordinatorScript();
    script("begin\nworker w-1 slots=2\nsubmit one maps=3 reduces=2 ranges=yes\nfinish one/0-0.0");
    const run = runOf(script.world());
    if (run === undefined) throw new Error("no job");
    const text = "stage 1 waits for key ranges: 1 of 3 samples are in";
    expect(jobView(run, 0).waits[0]).toMatchObject({ reason: "ranges", text });
    expect(jobView(run, 0).stages[0]).toMatchObject({ kind: "sample", done: 1, running: 2, progress: 1 / 3 });
    expect(attemptView(run, "0-1.0")?.state).toBe("running");
    const { tasks } = taskPage(run, { state: "waiting", offset: 0, limit: 10 }, 0);
    expect(tasks.slice(0, 3).map(({ wait }) => wait?.reason)).toEqual(["ranges", "ranges", "ranges"]);
    script("finish one/0-1.0\nfinish one/0-2.0");
    expect(jobView(run, 0).waits.map(({ reason }) => reason)).toEqual(["no-slot"]);
    expect(run.state.stages[0]?.tasks.map(({ accepted }) => accepted?.result.sample)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(jobView(run, 0).counters).toEqual({});
  });
});

describe("taskPage()", () => {
  it("shows as failed the task that its job ended of, and counts more attempts than it lists", () => {
    const script = makeCoordinatorScript();
    script("settings lossesMax=10\nbegin\nworker w-1\nsubmit one maps=2 reduces=1\nhold remove");
    for (let attempt = 0; attempt < 10; attempt++)
      script(`fail one/0-0.${attempt} E_NO_SPACE its disk is full; free some\npass 5`);
    const world = script.world();
    const live = runOf(world);
    const state = replayJob([...world.jobJournals.values()][0] ?? []);
    if (live === undefined || state === undefined) throw new Error("no job");
    for (const run of [live, createJobRun(state, 0)]) {
      const { tasks, total } = taskPage(run, { state: "failed", offset: 0, limit: 10 }, 0);
      expect([total, tasks.map(({ stage, task, attempts }) => [stage, task, attempts.length])]).toEqual([
        1,
        [[0, 0, 8]],
      ]);
      expect(jobView(run, 0).stages[0]).toMatchObject({ failed: 1, waiting: 1 });
      expect(jobSummary(run)).toMatchObject({
        attemptsFailed: 10,
        attemptsLost: 0,
        failure: {
          code: "E_LOSSES",
          message:
            'Cannot finish task "0-0": through no fault of the job it ran in vain 10 times, the last on worker "w-1" with E_NO_SPACE: its disk is full; free some',
        },
      });
    }
  });

  it("shows as failed a task that was done, when its segments were lost too often since", () => {
    const script = makeCoordinatorScript();
    script("settings lossesMax=1\nbegin\nworker w-1\nsubmit one maps=1 reduces=1\nhold remove\nfinish one/0-0.0");
    for (const source of ["0-0.0", "0-0.1"]) {
      script(`complain one/1-0.0 about one/${source} at w-1\nverified one/${source} bad`);
      if (source === "0-0.0") script("pass 4\nfinish one/0-0.1");
    }
    const run = runOf(script.world());
    if (run === undefined) throw new Error("no job");
    expect(taskPage(run, { state: "failed", offset: 0, limit: 10 }, 0).tasks).toMatchObject([{ stage: 0, task: 0 }]);
    expect(jobSummary(run).failure?.message).toBe(
      'Cannot finish task "0-0": through no fault of the job it ran in vain once, on worker "w-1" with E_SEGMENT: its segments are gone: its source found the run file damaged',
    );
  });

  it("filters by state and cuts pages, counting all that match", () => {
    const script = makeCoordinatorScript();
    script("begin\nworker w-1 slots=2\nsubmit one maps=5 reduces=1\nfinish one/0-0.0");
    const run = runOf(script.world());
    if (run === undefined) throw new Error("no job");
    const page = (state: "done" | "running" | "waiting" | "gathering", offset = 0, limit = 10): unknown => {
      const { tasks, total } = taskPage(run, { state, offset, limit }, 0);
      return [total, tasks.map(({ stage, task }) => `${stage}-${task}`)];
    };
    expect(page("done")).toEqual([1, ["0-0"]]);
    expect(page("running")).toEqual([2, ["0-1", "0-2"]]);
    expect(page("waiting", 1, 1)).toEqual([2, ["0-4"]]);
    expect(page("gathering")).toEqual([1, ["1-0"]]);
    const { tasks } = taskPage(run, { state: "waiting", offset: 0, limit: 10 }, 0);
    expect(tasks.map(({ wait }) => wait?.text)).toEqual(["waits for a slot", "waits for a slot"]);
    expect(jobView(run, 0).waits[0]?.text).toBe(
      "2 task(s) wait for a slot or a gathering place, 2 attempt(s) of this job run",
    );
    expect(attemptView(run, "0-0.0")).toMatchObject({ state: "accepted", worker: "w-1", progress: 1, records: 100 });
    expect(attemptView(run, "0-0.7")).toBeUndefined();
    expect(partitionViews(run, 0)).toEqual([{ partition: 0, pairs: 0, rawBytes: 0 }]);
    expect(partitionViews(run, 1)).toEqual([]);
  });
});

describe("clusterView()", () => {
  it("counts workers by how they stand, and slots of the living", () => {
    const script = makeCoordinatorScript();
    script(
      "begin\nworker w-1 slots=2\nworker w-2\nworker w-3\nsubmit one maps=3 reduces=0\ncut w-2\ncrash w-3\nprobe w-3 refused",
    );
    const { reign } = script.world().machine;
    expect(clusterView(reign)).toMatchObject({
      epoch: 1,
      workersAlive: 1,
      workersSuspect: 1,
      workersLost: 1,
      slots: 2,
      slotsUsed: 2,
      jobsRunning: 1,
      jobsEnded: 0,
    });
    expect(workerViews(reign, 0).map(({ worker, state, slotsUsed }) => [worker, state, slotsUsed])).toEqual([
      ["w-1", "alive", 2],
      ["w-2", "suspect", 1],
      ["w-3", "lost", 0],
    ]);
  });
});
