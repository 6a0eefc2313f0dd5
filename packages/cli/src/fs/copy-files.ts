// Copying files between storages as planned: each file appears when it is whole, a few at a time.

import { MillraceError, quote } from "@millrace/core";
import type { FileStatus, Storage } from "@millrace/ports";
import { mapBounded } from "@millrace/storage";
import { shownName } from "./named-files.ts";
import { planCopies } from "./plan-copies.ts";
import type { CopyPlan, CopyRules, TreeCopy } from "./plan-copies.ts";
import { readPieces } from "./read-pieces.ts";

/** What was copied. */
export interface CopyTotals {
  readonly files: number;
  readonly bytes: number;
}

/** How far a copy is. */
export type CopyProgress = CopyTotals;

/** How a copy is done. */
export interface CopyOptions extends CopyRules {
  /** Told after each file, and after each piece of a file. */
  readonly onProgress?: (done: CopyProgress) => void;
}

/** A stream to each side of a copy; more only wait for the same disks. */
const largeParallelMax = 4;
/** Small files take their time in questions and answers, not in bytes. Each holds two pieces of 1 MiB at most. */
const smallParallelMax = 16;
/** Up to a few pieces, a file is small. */
const smallBytesMax = 4 * 1024 * 1024;

/** Copy a file, or a directory with all files below it. `to` is the URI of the copy itself. */
export async function copyTree(storage: Storage, copy: TreeCopy, rules: CopyRules): Promise<CopyTotals> {
  return copyPlanned(storage, await planCopies(storage, [copy], rules), rules);
}

/** Copy what was planned: small files first, many at a time, then large ones. What fails leaves whole files, and no new directory without one. */
export async function copyPlanned(storage: Storage, plan: CopyPlan, options: CopyOptions): Promise<CopyTotals> {
  const done = { files: 0, bytes: 0 };
  const copy = async (each: TreeCopy): Promise<void> => {
    await copyFile(storage, each, {
      replace: options.overwrite,
      onBytes: (bytes) => {
        done.bytes += bytes;
        options.onProgress?.({ ...done });
      },
    });
    done.files += 1;
    options.onProgress?.({ ...done });
  };
  const isSmall = ({ from }: TreeCopy): boolean => from.bytes <= smallBytesMax;
  const large = plan.files.filter((each) => !isSmall(each));
  try {
    await mapBounded(plan.files.filter(isSmall), smallParallelMax, copy);
    await mapBounded(large, largeParallelMax, copy);
    // Those that have files are there with them.
    for (const directory of plan.newDirectories) await storage.makeDirectory(directory);
  } catch (thrown) {
    for (const directory of plan.newDirectories) await removeEmpty(storage, directory);
    throw thrown;
  }
  return done;
}

/** Remove a directory without a file below it. Never rejects: why the copy failed is what counts. */
async function removeEmpty(storage: Storage, directory: string): Promise<void> {
  try {
    const status = await storage.status(directory);
    if (status?.kind === "directory" && (await storage.listBelow(directory)).length === 0)
      await storage.remove(directory);
  } catch {
    // It stays.
  }
}

interface FileOptions {
  readonly replace: boolean;
  readonly onBytes: (bytes: number) => void;
}

/** Copy one file. Its first piece is read before its copy is begun: what cannot be read makes no directories. */
async function copyFile(storage: Storage, { from, to }: TreeCopy, { replace, onBytes }: FileOptions): Promise<void> {
  const pieces = readPieces(storage, from);
  try {
    const first = await pieces.next();
    const writer = await storage.create(to, { replace });
    try {
      let bytes = 0;
      for (let next = first; next.done !== true; next = await pieces.next()) {
        await writer.write(next.value);
        bytes += next.value.length;
        onBytes(next.value.length);
      }
      if (bytes !== from.bytes) throw changed(from, bytes);
      await writer.close();
    } catch (thrown) {
      await writer.abort();
      throw thrown;
    }
  } finally {
    await pieces.return(undefined);
  }
}

function changed({ uri, bytes }: FileStatus, given: number): MillraceError {
  return new MillraceError(
    "E_INPUT_CHANGED",
    `Cannot copy ${quote(shownName(uri))}: it had ${bytes} bytes and gave ${given}; copy it again when it is still`,
  );
}
