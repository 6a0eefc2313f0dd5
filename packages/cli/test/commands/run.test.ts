import { afterEach, describe, expect, it, vi } from "vitest";
import type { JobView } from "@millrace/core";
import { runJobCommand } from "../../src/commands/run.ts";

const { embeddedCluster } = vi.hoisted(() => ({ embeddedCluster: vi.fn() }));
vi.mock("../../src/embedded/embedded-cluster.ts", () => ({ embeddedCluster }));

const view: Partial<JobView> = {
  job: "job-00000000000000000000000000",
  name: "count",
  outputUri: "file:///out",
  stages: [],
  counters: {},
  badRecords: [],
  inputFiles: 0,
  inputBytes: 0,
  skippedFiles: 0,
  attemptsFailed: 0,
};

/** A cluster in which Ctrl-C comes while the job is published. */
function clusterThatEnds(last: Partial<JobView>): unknown {
  const ended = { ...view, ...last, endedMs: 2, submittedMs: 1 };
  return {
    submit: async () => ({ job: view.job }),
    printed: async () => [],
    desk: {
      kill: async () => undefined,
      async *watch() {
        yield { ...view, state: "committing", progress: 1 };
        process.emit("SIGINT");
        yield ended;
      },
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

afterEach(() => vi.restoreAllMocks());

describe("runJobCommand() that is interrupted", () => {
  it.each<[string, Partial<JobView>, number]>([
    ["0 when the output was published all the same", { state: "succeeded" }, 0],
    ["130 when the job was killed", { state: "killed", failure: { code: "E_KILLED", message: "Cannot" } }, 130],
  ])("gives %s", async (_, last, exit) => {
    const write = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    embeddedCluster.mockResolvedValue(clusterThatEnds(last));
    const listening = process.listenerCount("SIGINT");
    expect(await runJobCommand(["word-count", ["in", "out"]], { quiet: true, param: [], input: [], file: [] })).toBe(
      exit,
    );
    expect(process.listenerCount("SIGINT")).toBe(listening);
    expect(write).toHaveBeenCalledTimes(exit === 0 ? 0 : 1);
  });
});
