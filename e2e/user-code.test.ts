// User code that fails: the message names the job file's line, the input, the offset and the record, the job ends,
// nothing is left behind, and a cluster stays healthy.

import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { TestCluster } from "./cluster.ts";
import { startTestCluster } from "./cluster.ts";
import type { CommandResult, ScratchDirectory } from "./harness.ts";
import { digestTree, millrace, readParts, scratchDirectory, startMillrace } from "./harness.ts";

const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}.ts`, import.meta.url));
let directory: ScratchDirectory;
let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startTestCluster({ workers: 2, slots: 1 });
});
afterAll(() => cluster.stop());
beforeEach(() => {
  directory = scratchDirectory();
  writeFileSync(join(directory.path, "in.txt"), "first\nboom\nlast\n");
});
afterEach(() => directory.remove());

/** Submit a fixture that must fail, and require that nothing is left in the directory. */
async function failing(name: string, flags: readonly string[] = []): Promise<CommandResult> {
  const before = digestTree(directory.path);
  const result = await millrace(["submit", fixture(name), "in.txt", "out", ...flags], {
    cwd: directory.path,
    env: cluster.env,
    timeoutMs: 90_000,
  });
  expect(result.exit, result.stderr).toBe(1);
  // Staging is swept right after the end is durable.
  await vi.waitFor(() => expect(digestTree(directory.path)).toEqual(before), { timeout: 10_000 });
  expect(existsSync(join(directory.path, "out"))).toBe(false);
  return result;
}

describe("a cluster contains user code that", () => {
  it("throws: the message has the job file's line, the input, the offset and the record", async () => {
    const { stderr } = await failing("throws");
    expect(stderr).toMatch(/cannot bear boom/);
    expect(stderr).toMatch(/throws\.ts:4/);
    expect(stderr).toMatch(/in\.txt/);
    expect(stderr).toMatch(/byte 6\b/);
    expect(stderr).toMatch(/"boom"/);
    expect(stderr).toMatch(/E_ATTEMPTS|E_USER_CODE/);
  });

  it("never ends: killed at the task timeout", async () => {
    const { stderr } = await failing("never-ends", ["--task-timeout", "1s", "--attempts-max", "2"]);
    expect(stderr).toMatch(/E_TASK_TIMEOUT/);
  });

  it("calls process.exit(0): a failure, not a success", async () => {
    expect((await failing("exits")).stderr).toMatch(/E_TASK_EXITED/);
  });

  it("fills the heap", async () => {
    expect((await failing("heap-bomb", ["--attempts-max", "2"])).stderr).toMatch(/E_TASK_MEMORY|E_TASK_CRASHED/);
  });

  it("hoards buffers outside the heap", async () => {
    expect((await failing("buffer-bomb", ["--attempts-max", "2"])).stderr).toMatch(/E_TASK_MEMORY/);
  });

  it("returns a promise", async () => {
    expect((await failing("returns-promise")).stderr).toMatch(/E_ASYNC_USER_CODE/);
  });

  it("emits a value of the wrong type: the message says which", async () => {
    expect((await failing("emits-wrong-type")).stderr).toMatch(/E_VALUE_INVALID/);
  });

  it("emits after its function has returned", async () => {
    expect((await failing("emits-late")).stderr).toMatch(/E_EMIT_AFTER_END/);
  });

  it("emits by a timer: the job fails at the first try, with the line, in processes and in threads", async () => {
    const { stderr } = await failing("emits-by-timer");
    expect(stderr).toMatch(/the map that it was given to has returned.*\n.*emits-by-timer\.ts:8:\d+.*E_EMIT_AFTER_END/);
    const ran = await millrace(["run", fixture("emits-by-timer"), "in.txt", "out"], { cwd: directory.path });
    expect(ran).toMatchObject({ exit: 1, stderr: expect.stringMatching(/emits-by-timer\.ts:8:\d+.*E_EMIT_AFTER_END/) });
  });

  it.each(["submit", "run", "run --dry-run"])("ends the process at import: %s", async (command) => {
    const words = [...command.split(" "), fixture("exits-at-import"), "in.txt", "out"];
    const result = await millrace(words, { cwd: directory.path, env: cluster.env });
    expect(result).toMatchObject({
      exit: 1,
      stderr: expect.stringMatching(/process\.exit\(0\) at .*exits-at-import\.ts:4:9.*E_JOB_MODULE/),
    });
  });

  it("prints to a reader that has gone: the job ends as it would, and its directory is removed", async () => {
    const state = join(directory.path, "state");
    const env = { XDG_STATE_HOME: state };
    const running = startMillrace(["run", fixture("prints"), "in.txt", "out"], { cwd: directory.path, env });
    running.process.stderr?.destroy();
    running.process.stdout?.destroy();
    expect(await running.ended).toBe(0);
    expect(readParts(join(directory.path, "out"))).toBe("boom\t1\nfirst\t1\nlast\t1\n");
    expect(readdirSync(join(state, "millrace", "run"))).toEqual([]);
  });

  it("prints: the log has every line, the job succeeds, counters are exact", async () => {
    const submitted = await millrace(["submit", fixture("prints"), "in.txt", "out", "-o", "json"], {
      cwd: directory.path,
      env: cluster.env,
    });
    expect(submitted.exit, submitted.stderr).toBe(0);
    expect(readParts(join(directory.path, "out"))).toBe("boom\t1\nfirst\t1\nlast\t1\n");
    const { job } = JSON.parse(submitted.stdout) as { job: string };
    const logs = await millrace(["logs", job], { env: cluster.env });
    for (const line of ["first", "boom", "last"])
      expect(logs.stdout).toMatch(new RegExp(`saw ${line}\n[\\s\\S]*heard ${line}\n`));
    const counters = JSON.parse(
      (await millrace(["job", "counters", job, "-o", "json"], { env: cluster.env })).stdout,
    ) as Record<string, number>;
    expect(counters["lines"]).toBe(3);
  });

  it("prints in `run`: it is shown on stderr when the job has ended, and not on stdout", async () => {
    const result = await millrace(["run", fixture("prints"), "in.txt", "out"], { cwd: directory.path });
    expect(result).toMatchObject({
      exit: 0,
      stdout: "",
      stderr: expect.stringMatching(/printed by 0-0\.0[\s\S]*saw first\nheard first\nsaw boom/),
    });
  });

  it("prints nothing: `logs` shows nothing, also when the job is long over", async () => {
    const submitted = await millrace(["submit", "word-count", "in.txt", "out", "-o", "json"], {
      cwd: directory.path,
      env: cluster.env,
    });
    expect(submitted.exit, submitted.stderr).toBe(0);
    const { job } = JSON.parse(submitted.stdout) as { job: string };
    // Another job after it: its workers have been told of the end.
    await millrace(["submit", "word-count", "in.txt", "out2"], { cwd: directory.path, env: cluster.env });
    const logs = await millrace(["logs", job], { env: cluster.env });
    expect(logs, logs.stderr).toMatchObject({ exit: 0 });
    expect(logs.stdout.replace(/^==> .* <==\n/gm, "")).toBe("");
    const log = await millrace(["logs", `${job}/0-0.0`], { env: cluster.env });
    expect(log).toMatchObject({ exit: 0, stdout: "", stderr: "" });
  });

  it("and then runs an honest job", async () => {
    const result = await millrace(["submit", "word-count", "in.txt", "out"], { cwd: directory.path, env: cluster.env });
    expect(result.exit, result.stderr).toBe(0);
    expect(readParts(join(directory.path, "out"))).toBe("boom\t1\nfirst\t1\nlast\t1\n");
  });
});
