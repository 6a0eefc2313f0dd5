import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { killLeftovers, writePidFile } from "../../src/process/pid-files.ts";
import { residentBytes, startTicks } from "../../src/process/process-memory.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-pids-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

describe("killLeftovers()", () => {
  it("kills the process that a file names, and removes the file", async () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" });
    const exited = once(child, "exit");
    const pid = child.pid ?? 0;
    writePidFile(directory, pid);
    expect(killLeftovers(directory)).toEqual([pid]);
    expect((await exited)[1]).toBe("SIGKILL");
    expect(existsSync(join(directory, `${pid}.host`))).toBe(false);
  });

  it("leaves a process alone that has the id but another start time", async () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" });
    const exited = once(child, "exit");
    const pid = child.pid ?? 0;
    writeFileSync(join(directory, `${pid}.host`), "1");
    expect(killLeftovers(directory)).toEqual([]);
    expect(child.exitCode).toBeNull();
    child.kill("SIGKILL");
    await exited;
  });

  it("ignores other files and ids of nobody", () => {
    writeFileSync(join(directory, "notes"), "");
    writeFileSync(join(directory, "4194303.host"), "123");
    expect(killLeftovers(directory)).toEqual([]);
  });
});

describe("startTicks()", () => {
  it("tells of this process and not of one that is not there", () => {
    expect(Number(startTicks(process.pid))).toBeGreaterThan(0);
    expect(startTicks(4_194_303)).toBeUndefined();
    expect(residentBytes(process.pid)).toBeGreaterThan(10_000_000);
  });
});
