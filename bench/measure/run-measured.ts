// Run one command to its end and tell what it cost: wall and processor time as the shell's `time` has them, which counts
// every child that was waited for, and the memory of its tree by looking again and again. Processor time is also looked
// at, for programs that do not wait for their children. A run has a deadline.

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MemoryLimit } from "./memory-limit.ts";
import { lookAtTree } from "./process-tree.ts";

/** A program with its arguments. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  /** Beside the bench's own environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** How to run it. */
export interface RunOptions {
  readonly directory: string;
  readonly deadlineMs: number;
  readonly limit?: MemoryLimit;
}

/** What became of it. */
export type Outcome =
  | { readonly kind: "ended"; readonly cost: Cost }
  | { readonly kind: "failed"; readonly reason: string };

/** What a run cost. */
export interface Cost {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  /** Highest sum of PSS over the tree that was seen, or what the control group tells. */
  readonly peakBytes: number;
  /** The same as RSS, which counts pages that several processes share for each of them. */
  readonly peakRssBytes: number;
}

/** Looks are this far apart, and further where they are dear: at most a fiftieth of the time goes into them. */
const lookEveryMs = 40;
const lookShare = 50;
const errorCharactersMax = 4_000;

const running = new Set<number>();
// A bench that is stopped leaves nothing running behind.
process.on("exit", () => running.forEach(killGroup));

/** Run it. */
export async function runMeasured(command: Command, options: RunOptions): Promise<Outcome> {
  const notes = mkdtempSync(join(tmpdir(), "millrace-bench-"));
  const times = join(notes, "times");
  const limit = options.limit;
  limit?.renew();
  // The command's own complaints go past the file that `time` writes.
  const script = `${limit?.shell ?? ":"} || exit 97; TIMEFORMAT="%R %U %S"; exec 3>&2; { time "$@" 2>&3 3>&-; } 2>"$0"`;
  const child = spawn("bash", ["-c", script, times, command.file, ...command.args], {
    cwd: options.directory,
    env: { ...cleanEnvironment(), ...command.env },
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  const pid = child.pid ?? 0;
  if (pid > 0) running.add(pid);
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaints = (complaints + text).slice(-errorCharactersMax);
  });
  let killedFor: string | undefined;
  const kill = (reason: string): void => {
    killedFor ??= reason;
    killGroup(pid);
  };
  const deadline = setTimeout(() => kill(`no end within ${options.deadlineMs / 1000} s`), options.deadlineMs);
  const watch = watchTree(pid, limit, kill);
  const exit = await new Promise<number | string>((resolve) => {
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code, signal) => resolve(code ?? signal ?? "nothing"));
  });
  clearTimeout(deadline);
  const seen = watch.stop();
  killGroup(pid);
  running.delete(pid);
  try {
    if ((limit?.kills() ?? 0) > 0) killedFor ??= aboveLimit(limit);
    if (killedFor !== undefined) return { kind: "failed", reason: killedFor };
    if (exit !== 0) return { kind: "failed", reason: `exit ${exit}: ${lastWords(complaints)}` };
    const [wall, user, system] = readFileSync(times, "utf8").trim().split(" ").map(Number);
    return {
      kind: "ended",
      cost: {
        wallSeconds: wall ?? Number.NaN,
        cpuSeconds: Math.max((user ?? Number.NaN) + (system ?? Number.NaN), seen.cpuSeconds),
        peakBytes: limit?.peakBytes() ?? seen.pssBytes,
        peakRssBytes: seen.rssBytes,
      },
    };
  } finally {
    rmSync(notes, { recursive: true });
  }
}

function watchTree(
  pid: number,
  limit: MemoryLimit | undefined,
  kill: (reason: string) => void,
): { stop(): { readonly pssBytes: number; readonly rssBytes: number; readonly cpuSeconds: number } } {
  const spent = new Map<number, number>();
  let [pssBytes, rssBytes] = [0, 0];
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    const begun = performance.now();
    const now = lookAtTree(pid);
    for (const [process, seconds] of now.cpuSeconds) spent.set(process, seconds);
    pssBytes = Math.max(pssBytes, now.pssBytes);
    rssBytes = Math.max(rssBytes, now.rssBytes);
    if (limit?.isWatched === true && now.pssBytes > limit.bytes) kill(aboveLimit(limit));
    timer = setTimeout(look, Math.max(lookEveryMs, (performance.now() - begun) * lookShare));
  };
  look();
  return {
    stop: () => {
      clearTimeout(timer);
      return { pssBytes, rssBytes, cpuSeconds: spent.values().reduce((sum, seconds) => sum + seconds, 0) };
    },
  };
}

function aboveLimit(limit: MemoryLimit | undefined): string {
  return `killed, as it took more than ${Math.round((limit?.bytes ?? 0) / 2 ** 20)} MiB`;
}

/** Settings of this process that are not the contestant's business. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(?:MILLRACE_|npm_|NODE_OPTIONS$|PYTHONPATH$|SPARK_|HADOOP_|JAVA_TOOL_OPTIONS$)/u.test(name),
    ),
  );
}

function killGroup(pid: number): void {
  try {
    if (pid > 0) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

function lastWords(text: string): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(-3).join(" | ").slice(-400) || "it said nothing";
}
