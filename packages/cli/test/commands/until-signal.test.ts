import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { describe, expect, it } from "vitest";

const module = JSON.stringify(new URL("../../src/commands/until-signal.ts", import.meta.url).href);
const pipes = JSON.stringify(new URL("../../src/output/dead-pipe.ts", import.meta.url).href);

const nodeArguments = (script: string): string[] => [
  "--conditions=millrace-source",
  "--input-type=module",
  "-e",
  `import * as u from ${module}; ${script}`,
];

/** Run a script in a process of its own. @returns its exit code, or the signal that ended it. */
async function run(script: string, act: (pid: number) => void = () => undefined): Promise<unknown> {
  const child = spawn(process.execPath, nodeArguments(script), { stdio: ["ignore", "pipe", "inherit"] });
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

  it("keeps a daemon whose log has no reader any more", async () => {
    expect(await logTo("pipe")).toEqual({ exit: 0, said: "logged\n" });
  });

  it.runIf(existsSync("/dev/full"))("keeps a daemon whose log is on a full disk", async () => {
    const full = openSync("/dev/full", "w");
    try {
      expect(await logTo(full)).toEqual({ exit: 0, said: "logged\n" });
    } finally {
      closeSync(full);
    }
  });

  const logging = `
    import { watchStream } from ${pipes};
    watchStream(process.stderr);
    const stop = u.untilSignal();
    for await (const _ of process.stdin);
    for (const line of ["one", "two"]) await new Promise((resolve) => process.stderr.write(line, resolve));
    const held = setInterval(() => undefined, 1_000);
    console.log("logged");
    await stop.done;
    clearInterval(held);`;

  /** Run a daemon that logs two lines to what cannot take them, and tell it to end when it has. */
  async function logTo(stderr: "pipe" | number): Promise<{ readonly exit: unknown; readonly said: string }> {
    const child = spawn(process.execPath, nodeArguments(logging), { stdio: ["pipe", "pipe", stderr] });
    const closed = once(child, "close");
    let said = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      child.kill("SIGTERM");
    });
    const reader = child.stderr?.destroy();
    if (reader?.closed === false) await once(reader, "close");
    child.stdin?.end();
    const [exit] = (await closed) as [number | null];
    return { exit, said };
  }
});
