import type { JobId, JobRecord } from "@millrace/core";
import { createJobRun, replayJob } from "@millrace/core";
import { describe, expect, it } from "vitest";
import type { DeskParts } from "../src/job-desk.ts";
import { JobDesk } from "../src/job-desk.ts";
import { JobWatchers } from "../src/job-watchers.ts";

const job = `job-${"0".repeat(26)}` as JobId;
const spec = { name: "count", stages: [], options: {}, output: { uri: "file:///out", overwrite: false } };
const submitted = { kind: "submitted", job, spec, stagingUri: "file:///staging", wallMs: 1 } as unknown as JobRecord;
const ended: JobRecord = { kind: "ended-job", outcome: "killed", wallMs: 2 };

/** Knows how many wait. */
class CountedWatchers extends JobWatchers {
  waiting = 0;

  override async next(...given: Parameters<JobWatchers["next"]>): Promise<void> {
    this.waiting += 1;
    await super.next(...given);
    this.waiting -= 1;
  }
}

/** A desk that knows one job, swept or live. */
function deskOf(records: readonly JobRecord[]): { readonly desk: JobDesk; readonly watchers: CountedWatchers } {
  const run = createJobRun(replayJob(records)!, 0);
  const live = run.state.outcome === undefined;
  const watchers = new CountedWatchers();
  const desk = new JobDesk({
    clock: { monotonicMs: () => 0 },
    machine: { reign: { jobs: new Map(live ? [[job, run]] : []) } },
    driver: { look: async (_job: JobId, look: () => unknown) => look() },
    book: { durableRecords: () => records.length },
    state: {
      followJournal: () => ({
        async *read() {
          yield records.map((record, index) => ({ index, record }));
        },
      }),
    },
    watchers,
    histories: { history: async () => run },
  } as unknown as DeskParts);
  return { desk, watchers };
}

/** All callbacks of what is done have run. */
const settled = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("JobDesk", () => {
  it("leaves nobody waiting for a job that was swept, which changes no more", async () => {
    const { desk, watchers } = deskOf([submitted, ended]);
    const { signal } = new AbortController();
    const kinds: string[] = [];
    for await (const batch of desk.events(job, { from: 0, follow: true, signal }))
      kinds.push(...batch.map(({ record }) => record.kind));
    expect(kinds).toEqual(["submitted", "ended-job"]);
    await settled();
    expect(watchers.waiting).toBe(0);
  });

  it("leaves nobody waiting when whoever watches a live job has seen enough, or its signal aborts", async () => {
    const { desk, watchers } = deskOf([submitted]);
    const gone = new AbortController();
    for await (const _view of desk.watch(job, 0, gone.signal)) break;
    await settled();
    expect(watchers.waiting).toBe(0);
    const watching = desk.watch(job, 0, gone.signal);
    await watching.next();
    const last = watching.next();
    await settled();
    expect(watchers.waiting).toBe(1);
    gone.abort();
    expect(await last).toMatchObject({ done: true });
    await settled();
    expect(watchers.waiting).toBe(0);
  });
});
