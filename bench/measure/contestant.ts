// Who takes part in a table: this checkout of Millrace, another revision of it, a peer.

import { copyFileSync, mkdirSync } from "node:fs";
import { basename, isAbsolute, join } from "node:path";
import type { Author, Workload } from "../workloads/workload.ts";
import { grepPattern } from "../workloads/workload.ts";
import type { Found, Peer, PeerRun } from "../peers/peer.ts";
import type { Command } from "./run-measured.ts";

/** One who takes part. */
export interface Contestant {
  readonly name: string;
  readonly kind: "millrace" | Peer["kind"];
  readonly version: string;
  readonly author: Author;
  /** Give the command; undefined when it has no program for the workload. */
  command(workload: Workload, run: PeerRun): Command | undefined;
}

/** A checkout that is built. */
export interface Checkout {
  /** Its root. */
  readonly directory: string;
  readonly revision: string;
  /** Whether it is not the one that the bench belongs to. */
  readonly isOther: boolean;
}

/** Millrace as it is in a checkout. */
export function millraceContestant(name: string, { directory, revision, isOther }: Checkout): Contestant {
  return {
    name,
    kind: "millrace",
    version: revision,
    author: "millrace",
    command: (workload, run) => {
      const { job, inputNames, options } = workload;
      const inputs =
        inputNames === undefined
          ? run.inputs
          : run.inputs.flatMap((path, index) => ["--input", `${inputNames[index]}=${path}`]);
      const program = isOther && isAbsolute(job) ? copyInto(directory, job) : job;
      return {
        file: process.execPath,
        args: [
          join(directory, "packages/cli/bin/millrace.js"),
          "run",
          program,
          ...inputs,
          run.output,
          "--slots",
          String(run.slots),
          "--quiet",
          ...(options?.(run.bytes) ?? []),
        ],
        env: { NO_COLOR: "1" },
      };
    },
  };
}

/** A peer that is there. */
export function peerContestant(peer: Peer, found: Found & { readonly kind: "found" }): Contestant {
  return {
    name: peer.name,
    kind: peer.kind,
    version: found.version,
    author: "peer",
    command: (workload, run) => found.command(workload.task, run),
  };
}

/** What a run needs to know of a workload. */
export function runOf(workload: Workload, run: Omit<PeerRun, "pattern" | "splitBytes">): PeerRun {
  const splitBytes = workload.splitBytes?.(run.bytes);
  return { ...run, pattern: grepPattern, ...(splitBytes === undefined ? {} : { splitBytes }) };
}

/** An older revision may not have the job's file, but it has the `millrace` that the job imports. */
function copyInto(directory: string, job: string): string {
  const folder = join(directory, "bench", "compared-jobs");
  mkdirSync(folder, { recursive: true });
  const copy = join(folder, basename(job));
  copyFileSync(job, copy);
  return copy;
}
