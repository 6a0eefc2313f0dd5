// Attempts in child processes, for the worker daemon: a crash, a memory bomb or an endless loop costs one attempt.

import { mkdirSync } from "node:fs";
import type { TaskExecutor } from "@millrace/ports";
import { storageEnvironment } from "@millrace/storage";
import { slotMemoryOf } from "../host-limits.ts";
import { thisMachine } from "../worker-place.ts";
import type { SlotMemory } from "../host-limits.ts";
import type { WorkerPlace } from "../worker-place.ts";
import { hostModules } from "../io/host-modules.ts";
import { PoolExecutor } from "../pool/pool-executor.ts";
import { hostDirectoryName, removeLeftDirectories } from "./left-directories.ts";
import { killLeftovers } from "./pid-files.ts";
import { ProcessHost } from "./process-host.ts";
import { createUnstartedHost } from "./unstarted-host.ts";
import { userEnvironment } from "./user-environment.ts";

/** Say how many processes there are and where they live. */
export interface ProcessExecutorOptions {
  /** Attempts at a time. */
  readonly slots: number;
  /** Directory of this executor alone, kept over restarts of the worker: process files and working directories. */
  readonly directory: string;
  /** Processes kept warm for jobs to come; default one a slot. */
  readonly spares?: number;
  readonly memory?: Partial<SlotMemory>;
  /** Where the worker is; this machine unless given. */
  readonly place?: WorkerPlace;
}

/**
 * Run attempts in child processes. Kills what an earlier life of this worker left in the directory, then starts spares.
 * The caller makes sure that no other process uses the directory.
 */
export function createProcessExecutor(options: ProcessExecutorOptions): TaskExecutor {
  const { directory } = options;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  killLeftovers(directory);
  const memory = slotMemoryOf(options.memory);
  const environment = userEnvironment(process.env);
  const modules = hostModules();
  const storage = storageEnvironment(process.env);
  const { place = thisMachine() } = options;
  let count = removeLeftDirectories(directory);
  return new PoolExecutor({
    slots: options.slots,
    spares: options.spares ?? options.slots,
    createHost: (onGone) => {
      const name = hostDirectoryName(count++);
      try {
        return new ProcessHost({ directory, name, memory, modules, environment, storage, place, onGone });
      } catch (thrown) {
        return createUnstartedHost(thrown, onGone);
      }
    },
  });
}
