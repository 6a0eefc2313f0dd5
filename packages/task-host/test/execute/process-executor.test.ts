// What only the process host promises: each test has real processes, some of which misbehave.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TaskExecutor } from "@millrace/ports";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProcessExecutor } from "../../src/index.ts";
import { startTicks } from "../../src/process/process-memory.ts";
import { AttemptBench, runAttempt, startAttempt } from "./attempt-bench.ts";
import type { Ended } from "./attempt-bench.ts";

const memory = { slotBytes: 8 * 2 ** 20, heapBytes: 256 * 2 ** 20, residentBytesMax: 300 * 2 ** 20 };
const acts = {
  bufferBomb: "const all = []; for (;;) all.push(Buffer.alloc(8 * 2 ** 20, 1));",
  killItself: 'process.kill(process.pid, "SIGSEGV"); for (;;);',
  writesToPipe:
    'const fs = process.getBuiltinModule("node:fs"); for (const fd of [3, 4]) { try { fs.writeSync(fd, "\\xff".repeat(64), null, "latin1"); } catch {} } for (;;);',
  writesToDescriptors:
    'const fs = process.getBuiltinModule("node:fs"); fs.writeSync(1, "to descriptor 1\\n"); fs.writeSync(2, "to descriptor 2\\n"); process.kill(process.pid, "SIGKILL"); for (;;);',
  environment:
    "emit([JSON.stringify([Object.keys(process.env).sort(), process.env.TZ, process.cwd(), new Date(0).getHours()])]);",
  readsStdin: 'const fs = process.getBuiltinModule("node:fs"); emit([fs.readFileSync(0).length]);',
  child:
    'const cp = process.getBuiltinModule("node:child_process"); const child = cp.spawn("sleep", ["1000"], { stdio: "ignore" }); console.log(`pid ${child.pid} here`); for (;;);',
  copies: "emit([line]);",
  held: 'const fs = process.getBuiltinModule("node:fs"); emit([JSON.stringify({ pid: process.pid, files: fs.readdirSync("/proc/self/fd").length, kilobytes: Number(/VmRSS:\\s+(\\d+)/.exec(fs.readFileSync("/proc/self/status", "utf8"))[1]) })]);',
  endless: "console.log(`pid ${process.pid} here`); for (;;);",
  oomScore:
    'const fs = process.getBuiltinModule("node:fs"); emit([fs.readFileSync("/proc/self/oom_score_adj", "utf8").trim()]);',
} as const;

describe("createProcessExecutor()", () => {
  const bench = new AttemptBench();
  let job = "";
  let executor: TaskExecutor;
  beforeAll(() => {
    const members = Object.entries(acts).map(([name, statements]) => `${name}: (line, emit) => { ${statements} }`);
    job = bench.job(
      `const acts = {\n${members.join(",\n")}\n};\nexport default defineJob({ name: "acts", params: { act: text() }, input: textLines(), map: (line, emit, context) => acts[context.params.act](line, emit), output: textTable() });`,
    );
    executor = createProcessExecutor({ slots: 2, spares: 1, directory: join(bench.path, "hosts"), memory });
  });
  afterAll(async () => {
    await executor.close();
    expect(readdirSync(join(bench.path, "hosts"))).toEqual([]);
    bench.remove();
  });

  let inputs = 0;
  const orderOf = (act: keyof typeof acts): ReturnType<AttemptBench["order"]> =>
    bench.order({ job, params: { act }, parts: [bench.input(`in-${inputs++}`, "a\n")] });
  const run = async (act: keyof typeof acts): Promise<Ended> => runAttempt(executor, orderOf(act));
  const logOf = (path: string): string => (existsSync(path) ? readFileSync(path, "utf8") : "");

  it("kills a process whose buffers pass the limit of resident memory", async () => {
    const ended = await run("bufferBomb");
    expect(ended).toMatchObject({ kind: "failed", failure: { code: "E_TASK_MEMORY" } });
    expect((await run("copies")).kind).toBe("finished");
  });

  it("fails an attempt that kills its process by a signal with E_TASK_CRASHED", async () => {
    expect(await run("killItself")).toMatchObject({
      kind: "failed",
      failure: { code: "E_TASK_CRASHED", message: expect.stringContaining("SIGSEGV") },
    });
  });

  it("ends a process that breaks the worker's pipe", async () => {
    expect(await run("writesToPipe")).toMatchObject({ kind: "failed", failure: { code: "E_TASK_CRASHED" } });
  });

  it("puts what went past the streams of a crashed attempt into its log", async () => {
    expect((await run("writesToDescriptors")).log).toMatch(/to descriptor 1\nto descriptor 2\nE_TASK_CRASHED: /);
  });

  it("gives user code a small fixed environment, a directory of its own, UTC, and no standard input", async () => {
    const order = orderOf("environment");
    const ended = await runAttempt(executor, order);
    const [names, zone, directory, hours] = JSON.parse(bench.output(order, ended)) as [
      string[],
      string,
      string,
      number,
    ];
    expect(names.filter((name) => !["HOME", "LANG", "PATH", "TMPDIR", "TZ"].includes(name))).toEqual([]);
    expect([zone, hours]).toEqual(["UTC", 0]);
    expect(directory.startsWith(join(bench.path, "hosts", "host-"))).toBe(true);
    const stdin = orderOf("readsStdin");
    expect(bench.output(stdin, await runAttempt(executor, stdin))).toBe("0\n");
  });

  it("raises the score by which the kernel chooses what to kill", async () => {
    const order = orderOf("oomScore");
    expect(bench.output(order, await runAttempt(executor, order))).toBe("1000\n");
  });

  it("kills what user code has started with it", async () => {
    const order = orderOf("child");
    const { ended } = startAttempt(executor, order);
    await expect.poll(() => logOf(order.logPath), { timeout: 20_000 }).toContain("here");
    const pid = Number(/pid (\d+)/.exec(logOf(order.logPath))?.[1]);
    expect(startTicks(pid)).toBeDefined();
    executor.stop(order.attempt);
    expect((await ended).kind).toBe("stopped");
    await expect.poll(() => startTicks(pid)).toBeUndefined();
  });

  it("uses one process for many attempts of a job", async () => {
    const directories = new Set<string>();
    for (let index = 0; index < 20; index += 1) {
      const order = orderOf("environment");
      const ended = await runAttempt(executor, order);
      directories.add((JSON.parse(bench.output(order, ended)) as unknown[])[2] as string);
    }
    expect(directories.size).toBe(1);
  });

  it("runs hundreds of attempts in one process that holds no more of anything after them", async () => {
    const held = async (): Promise<{ readonly pid: number; readonly files: number; readonly kilobytes: number }> => {
      const order = orderOf("held");
      return JSON.parse(bench.output(order, await runAttempt(executor, order))) as Awaited<ReturnType<typeof held>>;
    };
    for (let index = 0; index < 50; index += 1) await run("copies");
    const before = await held();
    for (let index = 0; index < 200; index += 1) expect((await run("copies")).kind).toBe("finished");
    const after = await held();
    expect(after).toMatchObject({ pid: before.pid, files: before.files });
    expect(after.kilobytes - before.kilobytes).toBeLessThan(40 * 1024);
  });

  it("leaves no process when its worker is killed, also while user code is in a loop", async () => {
    const order = orderOf("endless");
    const module = new URL("../../src/index.ts", import.meta.url).href;
    const directory = join(bench.path, "other-hosts");
    const handler = "{ onProgress() {}, onFinished() {}, onFailed() {}, onStopped() {} }";
    const script = `import { createProcessExecutor } from ${JSON.stringify(module)}; const executor = createProcessExecutor({ slots: 1, directory: ${JSON.stringify(directory)} }); executor.start(${JSON.stringify(order)}, ${handler}); setInterval(() => {}, 1000);`;
    const worker = spawn(process.execPath, ["--conditions=millrace-source", "--input-type=module", "-e", script], {
      stdio: "ignore",
    });
    const exited = once(worker, "exit");
    await expect.poll(() => logOf(order.logPath), { timeout: 20_000 }).toContain("here");
    const pids = readdirSync(directory)
      .filter((name) => name.endsWith(".host"))
      .map((name) => Number.parseInt(name, 10));
    // One runs the attempt, one is the spare.
    expect(pids.length).toBe(2);
    worker.kill("SIGKILL");
    await exited;
    await expect.poll(() => pids.filter((pid) => startTicks(pid) !== undefined)).toEqual([]);
  });

  it("kills what an earlier life of the worker left behind", async () => {
    const directory = join(bench.path, "left-hosts");
    mkdirSync(directory);
    const left = spawn("sleep", ["1000"], { detached: true, stdio: "ignore" });
    const exited = once(left, "exit");
    const pid = left.pid ?? 0;
    writeFileSync(join(directory, `${pid}.host`), startTicks(pid) ?? "");
    const next = createProcessExecutor({ slots: 1, spares: 0, directory });
    expect((await exited)[1]).toBe("SIGKILL");
    await next.close();
  });

  it("removes the directories of an earlier life, and does not take what was printed there for its own", async () => {
    const directory = join(bench.path, "full-hosts");
    mkdirSync(join(directory, "host-7"), { recursive: true });
    writeFileSync(join(directory, "host-7", "output"), "FATAL ERROR: JavaScript heap out of memory");
    const next = createProcessExecutor({ slots: 1, directory, memory });
    expect(readdirSync(directory)).toContain("host-8");
    expect(await runAttempt(next, orderOf("killItself"))).toMatchObject({ failure: { code: "E_TASK_CRASHED" } });
    await expect.poll(() => readdirSync(directory)).not.toContain("host-7");
    await next.close();
  });

  it("fails an attempt for which no process could be made, at this worker's charge, and goes on", async () => {
    const directory = join(bench.path, "blocked-hosts");
    const next = createProcessExecutor({ slots: 1, spares: 0, directory, memory });
    // Where its directory would be.
    writeFileSync(join(directory, "host-0"), "");
    expect(await runAttempt(next, orderOf("copies"))).toMatchObject({
      kind: "failed",
      failure: { code: "E_HOST_START", message: expect.stringContaining("EEXIST") },
    });
    expect((await runAttempt(next, orderOf("copies"))).kind).toBe("finished");
    await next.close();
  });

  it("keeps no spare that could not be made: once it can, an attempt of another job has a process", async () => {
    const directory = join(bench.path, "blocked-spares");
    const next = createProcessExecutor({ slots: 2, spares: 1, directory, memory });
    // Where the spare's directory would be that is made when the first attempt takes the one before it.
    writeFileSync(join(directory, "host-1"), "");
    expect((await runAttempt(next, orderOf("copies"))).kind).toBe("finished");
    const parts = [bench.input("of-another-job", "a\n")];
    const other = bench.order({ job, params: { act: "copies" }, parts, number: 1 });
    expect(await runAttempt(next, other)).toMatchObject({ kind: "finished" });
    await next.close();
  });

  it("close() ends every process and resolves when they are gone", async () => {
    const directory = join(bench.path, "closed-hosts");
    const next = createProcessExecutor({ slots: 1, directory, memory });
    const order = orderOf("endless");
    const { ended } = startAttempt(next, order);
    await expect.poll(() => logOf(order.logPath), { timeout: 20_000 }).toContain("here");
    const pids = readdirSync(directory)
      .filter((name) => name.endsWith(".host"))
      .map((name) => Number.parseInt(name, 10));
    await next.close();
    expect((await ended).kind).toBe("stopped");
    expect(pids.filter((pid) => startTicks(pid) !== undefined)).toEqual([]);
    expect(readdirSync(directory)).toEqual([]);
  });
});
