// A total order across parts: key ranges from samples, the same whatever dies, and so the same parts to the byte.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { digestParts, millrace, scratchDirectory } from "./harness.ts";
import { RestartableCluster } from "./restartable-cluster.ts";
import { whenTasks } from "./watch-tasks.ts";

const directory = scratchDirectory();
const shape = ["--reduces", "4", "--split-bytes", "512KiB"];
let expected: Readonly<Record<string, string>> = {};

beforeAll(async () => {
  await millrace(["gen", "text", "text", "--bytes", "6MiB", "--files", "2"], { cwd: directory.path });
  const result = await millrace(["run", "sort", "text", "expected", "--slots", "1", ...shape], { cwd: directory.path });
  expect(result.exit, result.stderr).toBe(0);
  expected = digestParts(join(directory.path, "expected"));
});
afterAll(() => directory.remove());

/** Lines of all files of a directory but the manifest, in order of their names. */
function linesIn(name: string): readonly string[] {
  const path = join(directory.path, name);
  const files = readdirSync(path).filter((file) => file !== "_SUCCESS");
  return files.toSorted().flatMap((file) => readFileSync(join(path, file), "latin1").split("\n").slice(0, -1));
}

describe("sort", () => {
  it("gives the lines of its input, in order over all parts, in parts of like size", () => {
    const lines = linesIn("expected");
    const sorted = linesIn("text").toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    expect(lines).toEqual(sorted);
    const sizes = Object.keys(expected).map((part) => readFileSync(join(directory.path, "expected", part)).length);
    expect(sizes).toHaveLength(4);
    expect(Math.max(...sizes)).toBeLessThan(2 * Math.min(...sizes));
  });

  const moments: readonly (readonly [string, number, boolean])[] = [
    ["while it samples, the worker coming back", 0, true],
    ["while it maps", 1, false],
  ];

  it.each(moments)("gives the same parts with coordinator and worker killed %s", async (_, stage, comesBack) => {
    const cluster = new RestartableCluster();
    try {
      await cluster.startCoordinator();
      // Late enough to be seen in the middle of a stage.
      await cluster.startWorkers(2, "worker.beforeReport=delay:300");
      const submitted = await millrace(["submit", "sort", "text", "out", "--overwrite", "--detach", ...shape], {
        cwd: directory.path,
        env: cluster.env,
      });
      expect(submitted.exit, submitted.stderr).toBe(0);
      const job = submitted.stdout.trim();
      await whenTasks(cluster, job, (tasks) => {
        const own = tasks.filter((task) => task.stage === stage).map(({ state }) => state);
        return own.includes("done") && own.some((state) => state !== "done") ? own : undefined;
      });
      cluster.coordinator?.process.kill("SIGKILL");
      cluster.workers[0]?.process.kill("SIGKILL");
      await cluster.coordinator?.ended;
      await cluster.workers[0]?.ended;
      await cluster.startCoordinator();
      if (comesBack) cluster.startWorker(1);
      const waited = await millrace(["job", "wait", job, "--timeout", "60s"], { env: cluster.env, timeoutMs: 70_000 });
      expect(waited.exit, waited.stderr).toBe(0);
      expect(digestParts(join(directory.path, "out"))).toEqual(expected);
      expect((await millrace(["verify", "out"], { cwd: directory.path })).exit).toBe(0);
    } finally {
      await cluster.stop();
    }
  });
});
