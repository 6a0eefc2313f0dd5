import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";

const module = JSON.stringify(new URL("../../src/commands/until-signal.ts", import.meta.url).href);

/** Run a script in a process of its own. @returns its exit code, or the signal that ended it. */
async function run(script: string, act: (pid: number) => void = () => undefined): Promise<unknown> {
  const args = ["--conditions=millrace-source", "--input-type=module", "-e", `import * as u from ${module}; ${script}`];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  child.stdout.once("data", () => act(child.pid ?? 0));
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  return code ?? signal;
}

describe("endForCertain()", () => {
  it("ends a process that something keeps, with the exit code that it has", async () => {
    const end = await run("setInterval(() => undefined, 1_000); process.exitCode = 3; u.endForCertain(10);");
    expect(end).toBe(3);
  });

  it("keeps no process that would end by itself", async () => {
    expect(await run("process.exitCode = 4; u.endForCertain(2 ** 31 - 1);")).toBe(4);
  });
});

describe("untilSignal()", () => {
  const daemon =
    'const stop = u.untilSignal(); const held = setInterval(() => undefined, 1_000); console.log("up"); await stop.done; clearInterval(held);';

  it.each(["SIGTERM", "SIGINT", "SIGHUP"] as const)("ends well at %s", async (signal) => {
    expect(await run(daemon, (pid) => process.kill(pid, signal))).toBe(0);
  });

  it("listens to SIGUSR1, at which Node would open its debugger otherwise", async () => {
    expect(await run('u.untilSignal(); process.exit(process.listenerCount("SIGUSR1"));')).toBe(1);
  });
});
