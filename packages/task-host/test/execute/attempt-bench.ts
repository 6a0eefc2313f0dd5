// A place to run attempts in tests: a directory with job modules, inputs and outputs, and orders as a worker makes them.

import { mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type {
  AttemptFailure,
  AttemptProgress,
  AttemptResult,
  JobId,
  SegmentVector,
  SplitPart,
  StageBrief,
} from "@millrace/core";
import type { AttemptOrder, SegmentInput, TaskExecutor } from "@millrace/ports";

/** How an attempt ended, and what it told on the way. */
export type Ended = { readonly progress: readonly AttemptProgress[]; readonly log: string } & (
  | { readonly kind: "finished"; readonly result: AttemptResult; readonly vector: SegmentVector | undefined }
  | { readonly kind: "failed"; readonly failure: AttemptFailure }
  | { readonly kind: "stopped" }
);

/** What an order of a test may set. */
export interface OrderOptions {
  readonly job: string;
  readonly parts?: readonly SplitPart[];
  readonly segments?: readonly SegmentInput[];
  readonly partitions?: number;
  readonly task?: number;
  readonly stage?: number;
  readonly taskTimeoutMs?: number;
  readonly inputGrowth?: "refuse" | "prefix";
  readonly params?: Readonly<Record<string, string>>;
  readonly outputUri?: string;
  /** Stages of the job, where they are not a map and a reduce. */
  readonly stages?: readonly StageBrief[];
  /** For a sample attempt: keys at most. */
  readonly keysMax?: number;
  readonly cuts?: readonly Uint8Array[];
  readonly filePaths?: Readonly<Record<string, string>>;
  /** Number of the job, so that a test can have several. */
  readonly number?: number;
}

/** A place for attempts. */
export class AttemptBench {
  readonly path = mkdtempSync(join(tmpdir(), "millrace-attempts-"));
  #orders = 0;

  /** Write a job module; `body` is its text below the imports. @returns its path. */
  job(body: string): string {
    const path = join(this.path, `bundle-${this.#orders++}`);
    writeFileSync(
      path,
      `import * as millrace from "millrace";\nconst { defineJob, textLines, textTable, jsonLines, sum, text, json } = millrace;\n${body}`,
    );
    return path;
  }

  /** Write an input file. */
  input(name: string, content: string | Uint8Array): SplitPart {
    const path = join(this.path, name);
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, content);
    return this.part(path);
  }

  /** Describe a file as the planner would. */
  part(path: string): SplitPart {
    const { size, mtimeMs } = statSync(path);
    return {
      uri: pathToFileURL(path).href,
      offset: 0,
      bytes: size,
      fileBytes: size,
      modifiedMs: Math.floor(mtimeMs),
      codec: "none",
    };
  }

  order(options: OrderOptions): AttemptOrder {
    const id = this.#orders++;
    const { partitions = 0, stage = options.segments === undefined ? 0 : 1, task = id } = options;
    const attempt = { job: `job-${String(options.number ?? 0).padStart(26, "0")}` as JobId, stage, task, attempt: 0 };
    const path = join(this.path, `attempt-${id}`);
    const output = { name: "", extension: "txt" };
    const mapStage: StageBrief = {
      kind: "map",
      tasks: 1,
      partitions,
      reads: -1,
      outputs: partitions === 0 ? [output] : [],
    };
    const reduceStage: StageBrief = { kind: "reduce", tasks: partitions, partitions: 0, reads: 0, outputs: [output] };
    const parts = options.parts ?? [];
    const stages = options.stages ?? [mapStage, reduceStage];
    const split = { input: 0, parts, bytes: parts.reduce((sum, part) => sum + part.bytes, 0), hosts: [] };
    return {
      attempt,
      brief: {
        job: attempt.job,
        name: "test",
        bundleSha256: "0".repeat(64),
        params: options.params ?? {},
        shuffleKey: "",
        taskTimeoutMs: options.taskTimeoutMs ?? 60_000,
        inputGrowth: options.inputGrowth ?? "refuse",
        seed: "seed",
        stages,
        stagingUri: pathToFileURL(this.path).href,
      },
      bundlePath: options.job,
      scratchPath: join(path, "scratch"),
      ...((stages[stage]?.partitions ?? 0) > 0 ? { runPath: join(path, "run") } : {}),
      ...(options.cuts === undefined ? {} : { cuts: options.cuts }),
      ...(options.filePaths === undefined ? {} : { filePaths: options.filePaths }),
      outputUri: options.outputUri ?? pathToFileURL(join(path, "out")).href,
      logPath: join(path, "log"),
      work:
        options.segments !== undefined
          ? { kind: "reduce", partition: task, segments: options.segments }
          : options.keysMax === undefined
            ? { kind: "map", split }
            : { kind: "sample", split, keysMax: options.keysMax },
    };
  }

  /** The run file of a finished map attempt as the input of a reduce. */
  segment(order: AttemptOrder, ended: Ended, partition: number): SegmentInput {
    if (ended.kind !== "finished" || ended.vector === undefined) throw new Error(`no run: ${JSON.stringify(ended)}`);
    const { vector } = ended;
    return {
      task: order.attempt.task,
      path: order.runPath ?? "",
      form: "run",
      partition,
      pairs: vector.pairs[partition] ?? 0,
      rawBytes: vector.rawBytes[partition] ?? 0,
      digest: vector.digests[partition] ?? "",
    };
  }

  /** Content of the one output file of a finished attempt. */
  output(order: AttemptOrder, ended: Ended): string {
    if (ended.kind !== "finished") throw new Error(`not finished: ${JSON.stringify(ended)}`);
    return ended.result.files
      .map((file) => readFileSync(join(new URL(order.outputUri).pathname, file.path), "utf8"))
      .join("");
  }

  /** Names below a directory of the bench. */
  files(...names: readonly string[]): readonly string[] {
    try {
      return readdirSync(join(this.path, ...names), { recursive: true })
        .map(String)
        .sort();
    } catch {
      return [];
    }
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Start an attempt. `ended` resolves with how it ended; `moved` when it tells of its first records. */
export function startAttempt(
  executor: TaskExecutor,
  order: AttemptOrder,
): { readonly ended: Promise<Ended>; readonly moved: Promise<void> } {
  const progress: AttemptProgress[] = [];
  let onMove: () => void = () => undefined;
  const moved = new Promise<void>((resolve) => (onMove = resolve));
  const ended = new Promise<Ended>((resolve) => {
    const log = (): string => {
      try {
        return readFileSync(order.logPath, "utf8");
      } catch {
        return "";
      }
    };
    executor.start(order, {
      onProgress: (each) => {
        progress.push(each);
        if (each.records > 0) onMove();
      },
      onFinished: (result, vector) => {
        resolve({ kind: "finished", result, vector, progress, log: log() });
      },
      onFailed: (failure) => {
        resolve({ kind: "failed", failure, progress, log: log() });
      },
      onStopped: () => {
        resolve({ kind: "stopped", progress, log: log() });
      },
    });
  });
  return { ended, moved };
}

/** Run an attempt to its end. */
export async function runAttempt(executor: TaskExecutor, order: AttemptOrder): Promise<Ended> {
  return startAttempt(executor, order).ended;
}
