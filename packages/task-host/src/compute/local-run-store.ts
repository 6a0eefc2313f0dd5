// Spills and the run file of one attempt on the worker's own disk. The run file appears under its name only when it is
// whole; spills lie in the attempt's scratch directory, which goes with the attempt.

import { closeSync, fstatSync, mkdirSync, openSync, readFileSync, readSync, renameSync, unlinkSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { MillraceError, isFullDisk, quote } from "@millrace/core";
import type { ErrorCode } from "@millrace/core";
import type { ByteSource, ByteTarget, RunStore } from "@millrace/data";
import { failpoint } from "@millrace/ports";
import { addToMeter } from "../attempt/attempt-meter.ts";
import { writeAll } from "./attempt-outputs.ts";

/** Say where files go. */
export interface LocalRunStoreOptions {
  readonly scratchPath: string;
  /** Path of the run file that the attempt ends with; absent for an attempt that writes none. */
  readonly runPath?: string | undefined;
  readonly meter: Float64Array;
}

/** Make the store. Errors of the disk are {@link MillraceError}: E_NO_SPACE when it is full, else E_WORK_DISK. */
export function createLocalRunStore(options: LocalRunStoreOptions): RunStore {
  const { scratchPath, runPath, meter } = options;
  const pathOf = (name: string): string =>
    runPath !== undefined && name === basename(runPath) ? runPath : join(scratchPath, name);
  return {
    createRun: (name) => {
      const path = pathOf(name);
      failpoint(path === runPath ? "host.beforeRunFile" : "host.beforeSpill");
      return createTarget(path, meter);
    },
    openRun: (name) => openLocalSource(pathOf(name), { meter, code: "E_WORK_DISK" }),
    removeRun: (name) => {
      onDisk(pathOf(name), "E_WORK_DISK", () => {
        unlinkSync(pathOf(name));
      });
    },
  };
}

function createTarget(path: string, meter: Float64Array): ByteTarget {
  const temporary = `${path}.part`;
  const descriptor = onDisk(path, "E_WORK_DISK", () => openNew(temporary));
  let open = true;
  const close = (): void => {
    if (open) closeSync(descriptor);
    open = false;
  };
  return {
    write: (bytes) => {
      onDisk(path, "E_WORK_DISK", () => {
        writeAll(descriptor, bytes);
      });
      addToMeter(meter, "bytes", bytes.length);
    },
    finish: () => {
      onDisk(path, "E_WORK_DISK", () => {
        close();
        renameSync(temporary, path);
      });
    },
    discard: () => {
      try {
        close();
        unlinkSync(temporary);
      } catch {
        // Gone with the scratch directory, or swept with the job.
      }
    },
  };
}

function openNew(path: string): number {
  try {
    return openSync(path, "w", 0o600);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "ENOENT") throw thrown;
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openSync(path, "w", 0o600);
  }
}

/** Open a local file for reading at any place. @throws {MillraceError} `code`, also while reading. */
export function openLocalSource(
  path: string,
  options: { readonly meter: Float64Array; readonly code: ErrorCode },
): ByteSource {
  const { meter, code } = options;
  const descriptor = onDisk(path, code, () => openSync(path, "r"));
  let open = true;
  return {
    size: onDisk(path, code, () => fstatSync(descriptor).size),
    readAt: (offset, into) => {
      let count = 0;
      while (count < into.length) {
        const read = onDisk(path, code, () => readSync(descriptor, into, count, into.length - count, offset + count));
        if (read === 0) break;
        count += read;
      }
      addToMeter(meter, "bytes", count);
      return count;
    },
    close: () => {
      if (open) closeSync(descriptor);
      open = false;
    },
  };
}

/** Read a whole file into memory of the caller's own. @throws {MillraceError} E_WORK_DISK. */
export function readLocalFile(path: string): Uint8Array {
  return onDisk(path, "E_WORK_DISK", () => {
    const bytes = readFileSync(path);
    // A copy where small files share one array of Node's: who has the bytes may change and transfer them.
    return bytes.byteLength === bytes.buffer.byteLength ? new Uint8Array(bytes.buffer) : new Uint8Array(bytes);
  });
}

function onDisk<T>(path: string, code: ErrorCode, act: () => T): T {
  try {
    return act();
  } catch (thrown) {
    const full = isFullDisk(thrown);
    const reason = (thrown as Error).message;
    throw new MillraceError(
      full ? "E_NO_SPACE" : code,
      `Cannot use file ${quote(basename(path))} of the attempt: ${reason}; ${full ? "free disk space on this worker" : "check this worker's disk"}`,
      { cause: thrown },
    );
  }
}
