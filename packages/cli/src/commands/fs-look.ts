// `millrace fs ls|stat|du|locations`: what lies in a storage, how large it is, and where.

import type { FileStatus, Storage } from "@millrace/ports";
import { createDefaultStorages } from "@millrace/storage";
import { findEach, findFiles, findNamed, findOpened, shownName } from "../fs/named-files.ts";
import { fullListing, longListing, shortListing, statusJson } from "../fs/show-status.ts";
import { formatTable } from "../output/table.ts";
import { formatBytes, formatCount } from "../output/units.ts";
import { terminalOf } from "../run-command.ts";

type Flags = Readonly<Record<string, unknown>>;

/** List what lies in directories, or what has the names that patterns match; by default the working directory. */
export async function fsListCommand(positional: readonly unknown[], flags: Flags): Promise<number> {
  const storage = createDefaultStorages(process.env);
  const words = positional[0] as readonly string[];
  const below = flags["recursive"] === true;
  const list = async (uri: string): Promise<readonly FileStatus[]> =>
    below ? storage.listBelow(uri) : storage.list(uri);
  const rows = await findEach(words.length === 0 ? ["."] : words, async (word) =>
    findOpened(storage, word, { list, matches: below }),
  );
  const terminal = terminalOf(flags);
  if (flags["output"] === "json") terminal.data(statusJson(rows));
  else terminal.data(flags["long"] === true ? longListing(rows) : shortListing(rows));
  return 0;
}

/** Show all that is known of each file or directory. */
export async function fsStatCommand(positional: readonly unknown[], flags: Flags): Promise<number> {
  const storage = createDefaultStorages(process.env);
  const words = positional[0] as readonly string[];
  const found = await findEach(words, async (word) => (await findNamed(storage, word)).found);
  const terminal = terminalOf(flags);
  terminal.data(flags["output"] === "json" ? statusJson(found) : fullListing(found));
  return 0;
}

/** Add up files and bytes: of each child of a directory, or with `-s` of each name. */
export async function fsUsageCommand(positional: readonly unknown[], flags: Flags): Promise<number> {
  const storage = createDefaultStorages(process.env);
  const words = positional[0] as readonly string[];
  const summarize = flags["summarize"] === true;
  const list = async (uri: string): Promise<readonly FileStatus[]> => storage.list(uri);
  const counted = await findEach(words.length === 0 ? ["."] : words, async (word) =>
    summarize ? (await findNamed(storage, word)).found : findOpened(storage, word, { list, matches: false }),
  );
  const rows = [];
  for (const status of counted) rows.push({ uri: status.uri, ...(await usage(storage, status)) });
  const terminal = terminalOf(flags);
  if (flags["output"] === "json") terminal.data(`${JSON.stringify(rows)}\n`);
  else
    terminal.data(
      formatTable(
        ["BYTES", "SIZE", "FILES", "NAME"],
        rows.map(({ uri, bytes, files }) => [String(bytes), formatBytes(bytes), formatCount(files), shownName(uri)]),
      ),
    );
  return 0;
}

/** Show where the blocks of each file lie: nothing for a storage that has none. */
export async function fsLocationsCommand(positional: readonly unknown[], flags: Flags): Promise<number> {
  const storage = createDefaultStorages(process.env);
  const files = await findEach(positional[0] as readonly string[], async (word) => findFiles(storage, word));
  const located = [];
  for (const { uri, bytes } of files) located.push({ uri, bytes, blocks: await storage.locate(uri, 0, bytes) });
  const terminal = terminalOf(flags);
  if (flags["output"] === "json") terminal.data(`${JSON.stringify(located)}\n`);
  else
    terminal.data(
      formatTable(
        ["OFFSET", "BYTES", "HOSTS", "RACKS", "NAME"],
        located.flatMap(({ uri, blocks }) =>
          blocks.map(({ offset, bytes, hosts, racks }) => [
            String(offset),
            String(bytes),
            hosts.join(",") || "-",
            [...new Set(racks)].join(",") || "-",
            shownName(uri),
          ]),
        ),
      ),
    );
  return 0;
}

async function usage(
  storage: Storage,
  status: FileStatus,
): Promise<{ readonly files: number; readonly bytes: number }> {
  const files = status.kind === "directory" ? await storage.listBelow(status.uri) : [status];
  return { files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
}
