// What stands beside Millrace in a table: a program that answers the same question on the same file.

import type { Command } from "../measure/run-measured.ts";

/** Names of workloads that peers have programs for. */
export type Task = "word-count" | "traffic" | "terasort" | "sort-lines" | "grep" | "grep-lines" | "join" | "shuffle";

/** What one run is given. */
export interface PeerRun {
  /** Files, in the order of the workload's data. */
  readonly inputs: readonly string[];
  /** A path that does not exist: a file or a directory is made there. For `traffic` it is a directory that exists. */
  readonly output: string;
  /** A directory for what the peer spills. */
  readonly scratch: string;
  /** Threads to use. */
  readonly slots: number;
  /** What it may take, when it was asked to keep to a bound. */
  readonly memoryBytes?: number;
  /** For the tasks with lines that match. */
  readonly pattern: string;
  /** Bytes of the first input. */
  readonly bytes: number;
  /** Bytes for each map task, when the workload is about many of them. */
  readonly splitBytes?: number;
}

/** A peer on this machine. */
export type Found =
  | {
      readonly kind: "found";
      readonly version: string;
      /** Give the command for a task; undefined when this peer has no program for it. */
      command(task: Task, run: PeerRun): Command | undefined;
    }
  | { readonly kind: "missing"; readonly reason: string };

/** A peer that may be on this machine. */
export interface Peer {
  readonly name: string;
  /** Engines and tools are what a user would take instead; a reference shows what the hardware allows, and is no peer. */
  readonly kind: "engine" | "framework" | "tool" | "script" | "reference";
  find(): Promise<Found>;
}

/** What each program is told by its environment. */
export function variablesOf(run: PeerRun): Readonly<Record<string, string>> {
  return {
    IN: run.inputs[0] ?? "",
    IN2: run.inputs[1] ?? "",
    OUT: run.output,
    SCRATCH: run.scratch,
    THREADS: String(run.slots),
    PATTERN: run.pattern,
    ...(run.memoryBytes === undefined ? {} : { MEMORY: String(run.memoryBytes) }),
    LC_ALL: "C",
  };
}
