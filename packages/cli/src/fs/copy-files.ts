// Copying files between storages as planned: each file appears when it is whole, a few at a time.

import { MillraceError, quote } from "@millrace/core";
import type { Storage } from "@millrace/ports";
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

/** Copy what was planned: small files first, many at a time, then large ones. */
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
  for (const directory of plan.newDirectories) await storage.makeDirectory(directory);
  const isSmall = ({ from }: TreeCopy): boolean => from.bytes <= smallBytesMax;
  await mapBounded(plan.files.filter(isSmall), smallParallelMax, copy);
  const large = plan.files.filter((each) => !isSmall(each));
  await mapBounded(large, largeParallelMax, copy);
  return done;
}

interface FileOptions {
  readonly replace: boolean;
  readonly onBytes: (bytes: number) => void;
}

async function copyFile(storage: Storage, { from, to }: TreeCopy, { replace, onBytes }: FileOptions): Promise<void> {
  const writer = await storage.create(to, { replace });
  try {
    let bytes = 0;
    for await (const piece of readPieces(storage, from)) {
      await writer.write(piece);
      bytes += piece.length;
      onBytes(piece.length);
    }
    if (bytes !== from.bytes)
      throw new MillraceError(
        "E_INPUT_CHANGED",
        `Cannot copy ${quote(shownName(from.uri))}: it had ${from.bytes} bytes and gave ${bytes}; copy it again when it is still`,
      );
    await writer.close();
  } catch (thrown) {
    await writer.abort();
    throw thrown;
  }
}
