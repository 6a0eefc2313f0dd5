// A coordinator and a worker in this process, for `millrace run`: the same machines and drivers as on a cluster, with
// calls instead of messages and threads instead of processes. Everything lies in one locked directory of its own that
// goes away at the end; what a killed run left is swept by the next one.

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInProcessChannel, openCoordinator } from "@millrace/coordinator";
import type { JobDesk } from "@millrace/coordinator";
import { InvariantError, MillraceError, isMillraceError, limits, parseAttemptName } from "@millrace/core";
import type { JobId } from "@millrace/core";
import { armFailpoints, makeDirectoryTreeSync } from "@millrace/ports";
import { createDefaultStorages } from "@millrace/storage";
import { startWorker } from "@millrace/worker";
import type { RunningWorker } from "@millrace/worker";
import { stateHome } from "../config/state-home.ts";
import { outlivePipes } from "../output/dead-pipe.ts";
import { describePlaceError } from "../output/place-error.ts";
import { sweepRuns } from "./sweep-runs.ts";
import type { SweepOptions } from "./sweep-runs.ts";

/** A cluster within this process. */
export interface EmbeddedCluster extends AsyncDisposable {
  readonly desk: JobDesk;
  /** As the desk's own, with what can be done about a full disk here. */
  readonly submit: JobDesk["submit"];
  /** Read what user code of a job printed, attempt by attempt, until `bytesMax` are read. */
  printed(job: JobId, bytesMax: number): Promise<readonly PrintedText[]>;
}

/** What user code of one attempt printed. */
export interface PrintedText {
  /** `<stage>-<task>.<attempt>`. */
  readonly attempt: string;
  readonly text: string;
  /** Whether more was printed than `text` holds. */
  readonly cut: boolean;
}

/** How large it is. */
export interface EmbeddedOptions {
  /** Attempts at a time. */
  readonly slots: number;
  /** Prints a line for people, of what killed runs have left. */
  readonly note?: (line: string) => void;
  /** Told now and then how many input files a job's listing has found so far. */
  readonly onListing?: (files: number) => void;
}

/**
 * Start one. Disposing of it ends its threads and removes its directory.
 * @throws {MillraceError} E_NO_SPACE, E_CONFIGURATION when its directory cannot be used.
 */
export async function embeddedCluster({ slots, note, onListing }: EmbeddedOptions): Promise<EmbeddedCluster> {
  armFailpoints(process.env["MILLRACE_FAILPOINTS"]);
  const root = runsRoot();
  const ends: (() => Promise<void> | void)[] = [];
  const end = async (): Promise<void> => {
    for (let next = ends.pop(); next !== undefined; next = ends.pop()) await next();
  };
  try {
    makeDirectoryTreeSync(root, 0o700);
    const storage = createDefaultStorages(process.env);
    await sweepUntilSignal(root, { storage, ...(note === undefined ? {} : { note }) });
    // From here on there is something to remove, whoever still listens.
    ends.push(outlivePipes());
    const directory = mkdtempSync(join(root, `run-${process.pid}-`));
    ends.push(() => rmSync(directory, { recursive: true, force: true }));
    const coordinator = await openCoordinator({
      stateDirectory: join(directory, "coordinator"),
      storage,
      onFatal: endProcess,
      durability: "before-changes",
      ...(onListing === undefined ? {} : { onListing }),
    });
    ends.push(async () => coordinator.close());
    const worker = await startWorker({
      surroundings: { kind: "embedded", channel: createInProcessChannel(coordinator), storage },
      workDirectory: join(directory, "worker"),
      slots,
      onExit: (code, message) => endProcess(new MillraceError("E_INTERNAL", `${message} [${code}]`)),
    });
    ends.push(async () => worker.close());
    const { desk } = coordinator;
    return {
      desk,
      submit: async (...given) =>
        desk.submit(...given).catch((thrown: unknown) => {
          throw describeRootError(root, thrown);
        }),
      printed: async (job, bytesMax) => readPrinted({ desk, worker, job, bytesMax }),
      [Symbol.asyncDispose]: end,
    };
  } catch (thrown) {
    await end();
    throw describeRootError(root, thrown);
  }
}

function runsRoot(): string {
  return join(stateHome(process.env), "run");
}

/** The directory of all runs follows from the environment: there is no flag for it. */
function describeRootError(path: string, thrown: unknown): unknown {
  const elsewhere = "set XDG_STATE_HOME to a directory";
  return describePlaceError({ act: "run in", path, elsewhere, code: "E_CONFIGURATION" }, thrown);
}

/** Sweep; Ctrl-C ends the wait, and the next run goes on with it. @throws {MillraceError} E_CANCELLED. */
async function sweepUntilSignal(root: string, options: SweepOptions): Promise<void> {
  const aborted = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => {
    aborted.abort(
      new MillraceError(
        "E_CANCELLED",
        `Cannot run the job: interrupted by ${signal} before it was submitted; run it again`,
      ),
    );
  };
  process.once("SIGINT", onSignal).once("SIGTERM", onSignal);
  try {
    await sweepRuns(root, { ...options, signal: aborted.signal });
    aborted.signal.throwIfAborted();
  } finally {
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}

async function readPrinted({
  desk,
  worker,
  job,
  bytesMax,
}: {
  readonly desk: JobDesk;
  readonly worker: RunningWorker;
  readonly job: JobId;
  readonly bytesMax: number;
}): Promise<readonly PrintedText[]> {
  const printed: PrintedText[] = [];
  let left = bytesMax;
  for (let offset = 0; left > 0;) {
    const { tasks, total } = await desk.tasks(job, { offset, limit: limits.pageRowsMax });
    for (const { attempt } of tasks.flatMap((task) => task.attempts)) {
      const ref = parseAttemptName(job, attempt);
      const bytes = ref === undefined ? undefined : readIfThere(worker.logPath(ref));
      if (bytes === undefined || bytes.length === 0 || left <= 0) continue;
      printed.push({ attempt, text: bytes.subarray(0, left).toString("utf8"), cut: bytes.length > left });
      left -= bytes.length;
    }
    offset += tasks.length;
    if (tasks.length === 0 || offset >= total) break;
  }
  return printed;
}

function readIfThere(path: string): Buffer | undefined {
  return existsSync(path) ? readFileSync(path) : undefined;
}

/** A journal that cannot be written, or a bug: nothing that this process could still do would be right. */
function endProcess(thrown: unknown): void {
  const described = describeRootError(runsRoot(), thrown);
  const isFull = isMillraceError(described) && described.code === "E_NO_SPACE";
  process.stderr.write(`error ${isFull ? `${described.message} [E_NO_SPACE]` : `Cannot go on: ${textOf(thrown)}`}\n`);
  process.exit(1);
}

function textOf(thrown: unknown): string {
  if (thrown instanceof InvariantError) return thrown.stack ?? thrown.message;
  return thrown instanceof Error ? thrown.message : String(thrown);
}
