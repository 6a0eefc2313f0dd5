import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { identifyProcess, isRunning, signalProcess } from "../../src/cluster/process-identity.ts";

describe("identifyProcess()", () => {
  it("knows a process until it ends, and never mistakes another life of its number for it", async () => {
    const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
    await once(child, "spawn");
    const identity = identifyProcess(child.pid ?? 0);
    expect(identity?.pid).toBe(child.pid);
    if (identity === undefined) throw new Error("not found");
    expect(isRunning(identity)).toBe(true);
    if (process.platform === "linux")
      expect(signalProcess({ ...identity, startTicks: identity.startTicks + 1 }, "SIGKILL")).toBe(false);
    expect(isRunning(identity)).toBe(true);
    expect(signalProcess(identity, "SIGTERM")).toBe(true);
    await once(child, "exit");
    expect(isRunning(identity)).toBe(false);
    expect(signalProcess(identity, "SIGTERM")).toBe(false);
  });
});
