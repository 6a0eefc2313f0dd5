// `millrace doctor` on this machine: what is well, what is not, and what it leaves behind.

import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ScratchDirectory } from "./harness.ts";
import { millrace, scratchDirectory } from "./harness.ts";

interface Check {
  readonly name: string;
  readonly subject: string;
  readonly state: string;
  readonly detail: string;
  readonly next?: string;
}

let directory: ScratchDirectory;
beforeEach(() => {
  directory = scratchDirectory();
});
afterEach(() => directory.remove());

const checksOf = (stdout: string): readonly Check[] => JSON.parse(stdout) as readonly Check[];

describe("millrace doctor", () => {
  it("tries the working directory and leaves nothing in it", async () => {
    const env = { XDG_STATE_HOME: join(directory.path, "state"), XDG_CONFIG_HOME: join(directory.path, "config") };
    const run = await millrace(["doctor", "-o", "json"], { cwd: directory.path, env });
    expect(run.exit, run.stdout).toBe(0);
    const checks = checksOf(run.stdout);
    const tried = checks.filter(({ subject }) => subject === directory.path);
    expect(tried.map(({ name }) => name)).toEqual(["there", "write", "clock", "read", "hosts", "rename", "remove"]);
    expect(tried.every(({ state }) => state === "ok")).toBe(true);
    expect(checks).toContainEqual(expect.objectContaining({ subject: "coordinator", state: "skipped" }));
    expect(readdirSync(directory.path)).toEqual([]);
  });

  it("fails with the next step for what is missing, is no directory or has no server", async () => {
    writeFileSync(join(directory.path, "file"), "x");
    const server = "webhdfs://127.0.0.1:1";
    const words = ["none", "file", `${server}/data`];
    const run = await millrace(["doctor", ...words, "-o", "json"], { cwd: directory.path });
    expect(run.exit).toBe(1);
    const failed = checksOf(run.stdout).filter(({ state }) => state === "failed");
    expect(failed).toEqual([
      expect.objectContaining({ name: "there", next: expect.stringContaining("millrace fs mkdir") }),
      expect.objectContaining({ name: "there", detail: "it is a file" }),
      expect.objectContaining({ name: "name nodes", subject: server, detail: expect.stringContaining("ECONNREFUSED") }),
    ]);
  });

  it("shows a value of the configuration with its origin, and fails for a key that there is not", async () => {
    mkdirSync(join(directory.path, "cwd"));
    writeFileSync(join(directory.path, "cwd/millrace.yaml"), "slots: 3\n");
    const set = await millrace(["doctor"], { cwd: join(directory.path, "cwd") });
    expect(set.stdout).toContain("slots: 3 (from millrace.yaml)");
    writeFileSync(join(directory.path, "cwd/millrace.yaml"), "slotz: 3\n");
    const wrong = await millrace(["doctor"], { cwd: join(directory.path, "cwd") });
    expect([wrong.exit, wrong.stdout]).toEqual([1, expect.stringMatching(/failed {3}values: .*slotz/u)]);
  });
});
