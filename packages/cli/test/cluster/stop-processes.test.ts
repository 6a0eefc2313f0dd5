import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { stopProcesses } from "../../src/cluster/local-cluster.ts";
import type { ClusterProcess } from "../../src/cluster/local-cluster.ts";
import { identifyProcess } from "../../src/cluster/process-identity.ts";

/** Start a process that tells in `logPath` when it is asked to end, and again when it does, a while later. */
async function startDaemon(name: string, logPath: string): Promise<ClusterProcess> {
  const script = `
    const tell = (what) => require("node:fs").appendFileSync(${JSON.stringify(logPath)}, "${name} " + what + "\\n");
    process.once("SIGTERM", () => { tell("is asked"); setTimeout(() => { tell("ends"); process.exit(); }, 200); });
    setInterval(() => undefined, 1_000);
    console.log("up");`;
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  const identity = identifyProcess(child.pid ?? 0);
  if (identity === undefined) throw new Error(`${name} is gone`);
  return { ...identity, name, logPath, logFrom: 0 };
}

it("stopProcesses() asks the coordinator when all workers have ended", async () => {
  const directory = mkdtempSync(join(tmpdir(), "millrace-stop-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const logPath = join(directory, "log");
  appendFileSync(logPath, "");
  const daemons = ["coordinator", "worker-1", "worker-2"].map(async (name) => startDaemon(name, logPath));
  expect(await stopProcesses(await Promise.all(daemons))).toBe(0);
  const told = readFileSync(logPath, "utf8").trimEnd().split("\n");
  expect(told.slice(0, 4).toSorted()).toEqual([
    "worker-1 ends",
    "worker-1 is asked",
    "worker-2 ends",
    "worker-2 is asked",
  ]);
  expect(told.slice(4)).toEqual(["coordinator is asked", "coordinator ends"]);
});
