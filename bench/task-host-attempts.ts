// What an attempt costs beside its work: start of a host, a tiny map attempt on a warm one, a thousand of them on two
// slots. Prints a table; `node bench/task-host-attempts.ts [attempts]`.

import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { JobId, SplitPart } from "@millrace/core";
import type { AttemptOrder, TaskExecutor } from "@millrace/ports";
import { createLocalStorage } from "@millrace/storage";
import { createProcessExecutor, createThreadExecutor } from "@millrace/task-host";

const attempts = Number(process.argv[2] ?? 1_000);
const slots = 2;
const directory = mkdtempSync(join(tmpdir(), "millrace-bench-"));
const input = join(directory, "input.txt");
const bundle = join(directory, "bundle");
const line = "the quick brown fox jumps over the lazy dog and runs away\n";
writeFileSync(input, line.repeat(Math.ceil(10_240 / line.length)));
writeFileSync(
  bundle,
  'import { defineJob, sum, textLines, textTable } from "millrace"; export default defineJob({ name: "words", input: textLines(), map: (line, emit) => { for (const word of line.split(" ")) emit(word, 1); }, reduce: sum(), output: textTable() });',
);
const { size, mtimeMs } = statSync(input);
const part: SplitPart = {
  uri: pathToFileURL(input).href,
  offset: 0,
  bytes: size,
  fileBytes: size,
  modifiedMs: Math.trunc(mtimeMs),
  codec: "none",
};

function order(task: number): AttemptOrder {
  const attempt = { job: `job-${"0".repeat(26)}` as JobId, stage: 0, task, attempt: 0 };
  const path = join(directory, `${task}`);
  return {
    attempt,
    brief: {
      job: attempt.job,
      name: "bench",
      bundleSha256: "",
      params: {},
      shuffleKey: "",
      taskTimeoutMs: 60_000,
      inputGrowth: "refuse",
      seed: "seed",
      stages: [{ kind: "map", tasks: attempts, partitions: 2, reads: -1, outputs: [] }],
      stagingUri: pathToFileURL(directory).href,
    },
    bundlePath: bundle,
    scratchPath: join(path, "scratch"),
    runPath: join(path, "run"),
    outputUri: pathToFileURL(join(path, "out")).href,
    logPath: join(path, "log"),
    work: { kind: "map", split: { input: 0, parts: [part], bytes: size, hosts: [] } },
  };
}

let cpuMs = 0;

async function run(executor: TaskExecutor, task: number): Promise<number> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    executor.start(order(task), {
      onProgress: () => undefined,
      onFinished: (result) => {
        cpuMs += result.usage.cpuMs;
        resolve(performance.now() - start);
      },
      onFailed: (failure) => {
        reject(new Error(`${failure.code}: ${failure.message}`));
      },
      onStopped: () => {
        reject(new Error("stopped"));
      },
    });
  });
}

async function lane(executor: TaskExecutor, tasks: Iterator<number>, times: number[]): Promise<void> {
  for (let next = tasks.next(); next.done !== true; next = tasks.next()) times.push(await run(executor, next.value));
}

async function measure(name: string, make: () => TaskExecutor): Promise<Record<string, string | number>> {
  const cold = performance.now();
  const executor = make();
  const first = await run(executor, 0);
  const coldMs = performance.now() - cold;
  const second = await run(executor, 1);
  const times: number[] = [];
  const tasks = Array.from({ length: attempts }, (_, index) => index + 2).values();
  cpuMs = 0;
  const ownBefore = process.cpuUsage();
  const start = performance.now();
  await Promise.all(Array.from({ length: slots }, () => lane(executor, tasks, times)));
  const wall = performance.now() - start;
  const own = process.cpuUsage(ownBefore);
  await executor.close();
  times.sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(2);
  return {
    host: name,
    "cold first ms": coldMs.toFixed(0),
    "first ms": first.toFixed(0),
    "second ms": second.toFixed(1),
    "p50 ms": at(0.5),
    "p99 ms": at(0.99),
    "compute cpu/attempt ms": (cpuMs / attempts).toFixed(2),
    "own process cpu/attempt ms": ((own.user + own.system) / 1_000 / attempts).toFixed(2),
    "wall/attempt ms": (wall / attempts).toFixed(2),
  };
}

try {
  console.table([
    await measure("thread", () => createThreadExecutor({ slots, storage: createLocalStorage() })),
    await measure("process", () => createProcessExecutor({ slots, directory: join(directory, "hosts") })),
  ]);
} finally {
  rmSync(directory, { recursive: true });
}
