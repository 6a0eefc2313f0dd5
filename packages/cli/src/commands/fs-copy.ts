// `millrace fs put|get`: files and directories copied into a storage and out of it. Both are one copy between any two
// storages; the words say which side is this machine.

import { MillraceError, quote } from "@millrace/core";
import type { FileStatus, Storage } from "@millrace/ports";
import { createDefaultStorages } from "@millrace/storage";
import { copyPlanned } from "../fs/copy-files.ts";
import { createCopyProgress } from "../fs/copy-progress.ts";
import { findEach, findNamed, findTarget, shownName, uriOf, withExitCodes } from "../fs/named-files.ts";
import { planCopies } from "../fs/plan-copies.ts";
import type { TreeCopy } from "../fs/plan-copies.ts";
import { formatBytes, formatCount, formatDuration } from "../output/units.ts";
import { terminalOf } from "../run-command.ts";
import { childOf } from "./fs-change.ts";

type Flags = Readonly<Record<string, unknown>>;

/** Copy files of this machine into a storage: SOURCE... TARGET. */
export async function fsPutCommand(positional: readonly unknown[], flags: Flags): Promise<number> {
  return copyAll("put", positional, flags);
}

/** Copy files of a storage to this machine: SOURCE... TARGET. */
export async function fsGetCommand(positional: readonly unknown[], flags: Flags): Promise<number> {
  return copyAll("get", positional, flags);
}

async function copyAll(command: string, positional: readonly unknown[], flags: Flags): Promise<number> {
  const words = positional[0] as readonly string[];
  const to = words.at(-1);
  if (words.length < 2 || to === undefined)
    throw new MillraceError("E_USAGE", `Cannot ${command}: only one name is given; name sources and a target`);
  const storage = createDefaultStorages(process.env);
  const terminal = terminalOf(flags);
  const begun = performance.now();
  const sources = await findEach(words.slice(0, -1), async (word) => (await findNamed(storage, word)).found);
  const copies = await targetsOf(storage, sources, to);
  const rules = { overwrite: flags["overwrite"] === true };
  const totals = await withExitCodes(async () => {
    const plan = await planCopies(storage, copies, rules);
    const progress = createCopyProgress(terminal, plan, () => performance.now());
    try {
      return await copyPlanned(storage, plan, { ...rules, onProgress: progress.show });
    } finally {
      progress.end();
    }
  });
  if (flags["output"] === "json") terminal.data(`${JSON.stringify(totals)}\n`);
  const ms = performance.now() - begun;
  terminal.note(
    `Copied ${formatCount(totals.files)} file(s), ${formatBytes(totals.bytes)} in ${formatDuration(ms)} to ${shownName(placeOf(copies, to))}`,
  );
  return 0;
}

/** Say where copies are: a single one under its own name, which may lie in the target. */
function placeOf(copies: readonly TreeCopy[], word: string): string {
  const [first, ...more] = copies;
  return first !== undefined && more.length === 0 ? first.to : uriOf(word);
}

/** A target that is a directory takes all sources in; any other name can be that of one source only. */
async function targetsOf(storage: Storage, sources: readonly FileStatus[], word: string): Promise<readonly TreeCopy[]> {
  const [first] = sources;
  const one = first !== undefined && sources.length === 1;
  const act = `copy ${one ? quote(shownName(first.uri)) : `${formatCount(sources.length)} files`}`;
  const target = await findTarget(storage, word, { act, sources });
  return sources.map((from) => ({ from, to: target.isDirectory ? childOf(target.uri, from.uri) : target.uri }));
}
