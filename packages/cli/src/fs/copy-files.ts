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

/** A stream to each side of a copy; more only wait for the same disks. */
const parallelMax = 4;

/** Copy a file, or a directory with all files below it. `to` is the URI of the copy itself. */
export async function copyTree(storage: Storage, copy: TreeCopy, rules: CopyRules): Promise<CopyTotals> {
  return copyPlanned(storage, await planCopies(storage, [copy], rules), rules);
}

/** Copy what was planned. */
export async function copyPlanned(storage: Storage, plan: CopyPlan, { overwrite }: CopyRules): Promise<CopyTotals> {
  for (const directory of plan.newDirectories) await storage.makeDirectory(directory);
  const sizes = await mapBounded(plan.files, parallelMax, (each) => copyFile(storage, each, overwrite));
  return { files: plan.files.length, bytes: sizes.reduce((sum, bytes) => sum + bytes, 0) };
}

async function copyFile(storage: Storage, { from, to }: TreeCopy, replace: boolean): Promise<number> {
  const writer = await storage.create(to, { replace });
  try {
    let bytes = 0;
    for await (const piece of readPieces(storage, from)) {
      await writer.write(piece);
      bytes += piece.length;
    }
    if (bytes !== from.bytes)
      throw new MillraceError(
        "E_INPUT_CHANGED",
        `Cannot copy ${quote(shownName(from.uri))}: it had ${from.bytes} bytes and gave ${bytes}; copy it again when it is still`,
      );
    await writer.close();
    return bytes;
  } catch (thrown) {
    await writer.abort();
    throw thrown;
  }
}
