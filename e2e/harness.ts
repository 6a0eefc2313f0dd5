// What end-to-end tests share: the real command in its own process, a real cluster, directories that are removed.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createHash } from "node:crypto";

const bin = fileURLToPath(new URL("../packages/cli/bin/millrace.js", import.meta.url));

/** What a finished command said. */
export interface CommandResult {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/** How to run a command. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** After this it is killed and the test fails on `exit` null. */
  readonly timeoutMs?: number;
}

/** Run `millrace` to its end. */
export async function millrace(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const begun = performance.now();
  const child = startMillrace(args, options);
  const timer = setTimeout(() => child.process.kill("SIGKILL"), options.timeoutMs ?? 60_000);
  const exit = await child.ended;
  clearTimeout(timer);
  return { exit, stdout: child.stdout(), stderr: child.stderr(), ms: performance.now() - begun };
}

/** A command that goes on. */
export interface RunningCommand {
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;
  stdout(): string;
  stderr(): string;
}

/** Start `millrace` and let it run. */
export function startMillrace(args: readonly string[], options: CommandOptions = {}): RunningCommand {
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith("MILLRACE_") && name !== "NODE_OPTIONS"),
  );
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: options.cwd ?? tmpdir(),
    env: { ...environment, NO_COLOR: "1", ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  const ended = new Promise<number | null>((resolve) => child.on("close", (code) => resolve(code)));
  return {
    process: child,
    ended,
    stdout: () => Buffer.concat(out).toString(),
    stderr: () => Buffer.concat(err).toString(),
  };
}

/** A directory of one test. */
export interface ScratchDirectory {
  readonly path: string;
  remove(): void;
}

/** Make a directory of the test's own; `remove` deletes it with all below. */
export function scratchDirectory(): ScratchDirectory {
  const path = mkdtempSync(join(tmpdir(), "millrace-e2e-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** List the files below a directory with a digest of each: what "byte-identical" and "nothing changed" mean. */
export function digestTree(directory: string): Readonly<Record<string, string>> {
  if (!existsSync(directory)) return {};
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" }).toSorted();
  const files = names.filter((name) => statSync(join(directory, name)).isFile());
  return Object.fromEntries(
    files.map((name) => [
      name,
      createHash("sha256")
        .update(readFileSync(join(directory, name)))
        .digest("hex"),
    ]),
  );
}

/** The part files of an output, without the manifest (which names the job). */
export function digestParts(output: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(digestTree(output)).filter(([name]) => name !== "_SUCCESS"));
}

/** Read all part files of an output, in the order of their names. */
export function readParts(output: string): string {
  return Object.keys(digestParts(output))
    .map((name) => readFileSync(join(output, name), "utf8"))
    .join("");
}
