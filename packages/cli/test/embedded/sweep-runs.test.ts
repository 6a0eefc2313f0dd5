import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCoordinator } from "@millrace/coordinator";
import type { Coordinator, CoordinatorOptions } from "@millrace/coordinator";
import { defaultJobOptions } from "@millrace/core";
import type { JobSpec } from "@millrace/core";
import { createLocalStorage, createStorages, uriOfPath } from "@millrace/storage";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sweepRuns } from "../../src/embedded/sweep-runs.ts";

const storage = createStorages([createLocalStorage()]);
/** Beyond any process id of Linux. */
const gone = "run-99999999-a";
const code = Buffer.from("export default 1;\n");
let directory = "";
let root = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-sweep-"));
  root = join(directory, "runs");
  mkdirSync(join(directory, "in"));
  mkdirSync(root);
  writeFileSync(join(directory, "in", "a"), "word\n");
});
afterEach(() => rmSync(directory, { recursive: true }));

const open = async (name: string, durability: CoordinatorOptions["durability"]): Promise<Coordinator> =>
  openCoordinator({
    stateDirectory: join(root, name, "coordinator"),
    storage,
    onFatal: () => undefined,
    ...(durability === undefined ? {} : { durability }),
  });

/** Begin a job that no worker runs. */
async function begin(
  name: string,
  durability: CoordinatorOptions["durability"] = "before-changes",
): Promise<Coordinator> {
  const coordinator = await open(name, durability);
  const spec: JobSpec = {
    name: "left",
    bundle: { sha256: createHash("sha256").update(code).digest("hex"), bytes: code.length },
    dataVersion: 1,
    nodeMajor: 24,
    inputs: [{ patterns: [uriOfPath(join(directory, "in"))], format: { name: "text", splitting: "delimiter" } }],
    stages: [{ kind: "map", inputs: [0], outputs: [{ name: "", extension: "txt" }] }],
    output: { uri: uriOfPath(join(directory, "out")), overwrite: false },
    params: {},
    options: defaultJobOptions,
  };
  await coordinator.desk.submit(spec, code);
  await expect.poll(() => readdirSync(directory).filter((each) => each.startsWith(".out."))).toHaveLength(1);
  return coordinator;
}

describe("sweepRuns()", () => {
  it("winds up the job of a run whose process is gone: nothing stays beside its output", async () => {
    // Closed like this a job stays for the next reign, as after a crash.
    await (await begin(gone)).close();
    await sweepRuns(root, { storage });
    expect(readdirSync(directory).toSorted()).toEqual(["in", "runs"]);
    expect(readdirSync(root)).toEqual([]);
  });

  it("removes a run that ended between the last record of its job and the file that sums it up", async () => {
    const coordinator = await begin(gone);
    const [job] = await coordinator.state.listJobs();
    if (job === undefined) throw new Error("the job was not submitted");
    await coordinator.desk.kill(job, "interrupted");
    await expect.poll(() => coordinator.state.isSwept(job)).toBe(true);
    await coordinator.close();
    rmSync(join(coordinator.state.jobPath(job), "summary.json"));
    await sweepRuns(root, { storage });
    expect(readdirSync(root)).toEqual([]);
  });

  it("leaves runs alone whose process lives, or whose directory is held", async () => {
    const living = `run-${process.pid}-b`;
    mkdirSync(join(root, living));
    const held = await begin(gone);
    await sweepRuns(root, { storage });
    expect(readdirSync(root).toSorted()).toEqual([gone, living].toSorted());
    expect(readdirSync(directory).filter((each) => each.startsWith(".out."))).toHaveLength(1);
    await held.close();
  });

  it("leaves alone for a while what cannot be wound up, and says so; a signal ends the wait", async () => {
    await (await begin(gone)).close();
    const away = createStorages([{ ...createLocalStorage(), remove: async () => Promise.reject(new Error("away")) }]);
    const lines: string[] = [];
    const options = { storage: away, note: (line: string) => void lines.push(line) };
    const reason = new Error("interrupted");
    await expect(sweepRuns(root, { ...options, signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(lines).toEqual([]);
    await sweepRuns(root, { ...options, windUpMs: 700 });
    expect(lines).toEqual([
      `removing what a killed run has left of their outputs, for 0.7 s at most: ${join(root, gone)}`,
      expect.stringContaining(`the killed run in "${join(root, gone)}" is left for later: `),
    ]);
    lines.length = 0;
    await sweepRuns(root, { ...options, windUpMs: 700 });
    expect(lines).toEqual([]);
    utimesSync(join(root, gone, "tried"), 0, 0);
    await sweepRuns(root, { storage });
    expect(readdirSync(root)).toEqual([]);
  });

  it("removes what never came to a job, and keeps a run whose journal is damaged for people to look at", async () => {
    mkdirSync(join(root, "run-99999998-c"));
    // Of several batches, so that damage of the first is no torn tail.
    await (await begin(gone, "each-batch")).close();
    const journal = join(root, gone, "coordinator", "cluster.journal");
    writeFileSync(journal, `x${readFileSync(journal, "utf8").slice(1)}`);
    await sweepRuns(root, { storage });
    expect(readdirSync(root)).toEqual([gone]);
  });
});
