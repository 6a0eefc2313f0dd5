// `millrace fs mkdir|rm|mv`: names in a storage made, removed and changed.

import { MillraceError, quote } from "@millrace/core";
import { createDefaultStorages } from "@millrace/storage";
import { childUri, findTarget, refuseRoots, shownName, uriOf, withExitCodes } from "../fs/named-files.ts";
import { terminalOf } from "../run-command.ts";

type Flags = Readonly<Record<string, unknown>>;

/** Make directories, with their parents. One that is there stays as it is. */
export async function fsMakeDirectoryCommand(positional: readonly unknown[]): Promise<number> {
  const storage = createDefaultStorages(process.env);
  for (const word of positional[0] as readonly string[]) await withExitCodes(() => storage.makeDirectory(uriOf(word)));
  return 0;
}

/** Remove files, and with `-r` directories. All names are looked at before the first is removed. */
export async function fsRemoveCommand(positional: readonly unknown[], flags: Flags): Promise<number> {
  const storage = createDefaultStorages(process.env);
  const uris: string[] = [];
  for (const word of positional[0] as readonly string[]) {
    const uri = uriOf(word);
    refuseRoots("remove", uri);
    const status = await storage.status(uri);
    if (status?.kind === "directory" && flags["recursive"] !== true)
      throw new MillraceError(
        "E_USAGE",
        `Cannot remove ${quote(word)}: it is a directory; pass -r to remove all below it`,
      );
    if (status !== undefined) uris.push(uri);
    else if (flags["force"] !== true)
      throw new MillraceError(
        "E_INPUT_MISSING",
        `Cannot remove ${quote(word)}: there is no such file or directory; check the path (wildcards are not expanded here)`,
      );
  }
  for (const uri of uris) {
    await storage.remove(uri);
    terminalOf(flags).note(`Removed ${shownName(uri)}`);
  }
  return 0;
}

/** Rename a file or directory; a target that is a directory takes it in. */
export async function fsMoveCommand(positional: readonly unknown[], flags: Flags): Promise<number> {
  const storage = createDefaultStorages(process.env);
  const [word, to] = positional.map(String) as [string, string];
  const from = uriOf(word);
  refuseRoots("rename", from);
  const status = await storage.status(from);
  if (status === undefined)
    throw new MillraceError(
      "E_INPUT_MISSING",
      `Cannot rename ${quote(word)}: there is no such file or directory; check the path (wildcards are not expanded here)`,
    );
  const into = await findTarget(storage, to, { act: `rename ${quote(word)}`, sources: [status] });
  const target = into.isDirectory ? childOf(into.uri, from) : into.uri;
  await withExitCodes(() => storage.rename(from, target));
  terminalOf(flags).note(`${shownName(from)} is now ${shownName(target)}`);
  return 0;
}

/** Give the URI that a name has in another directory; what lies in a root goes into it directly. */
export function childOf(directory: string, source: string): string {
  return childUri(directory, source.slice(source.lastIndexOf("/") + 1));
}
