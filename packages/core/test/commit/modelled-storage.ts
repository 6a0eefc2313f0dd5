// A storage of a handful of names, as a value, for trying every course of a commit: what is there, and renames whose
// reply was lost and that may still run.

import type { StorageCall, StorageReply } from "../../src/model/storage-call.ts";
import type { CommitOrder } from "../../src/commit/commit-order.ts";

/** Directories by URI; each is a sorted list of `name=content`. Content of `_SUCCESS` is the job that it names. */
export interface ModelledStorage {
  readonly directories: Readonly<Record<string, readonly string[]>>;
  /** Files of attempts that still have their first name. */
  readonly attempts: readonly string[];
  /** Renames at large. */
  readonly late: readonly { readonly from: string; readonly to: string }[];
}

const refused = (reason: "exists" | "missing"): StorageReply => ({ kind: "refused", reason, message: reason });
const ok: StorageReply = { kind: "ok" };

const jobOf = (files: readonly string[]): string | undefined =>
  files.find((file) => file.startsWith("_SUCCESS="))?.slice("_SUCCESS=".length);

/** Perform a call. Returns the storage after it and the honest reply. */
export function performOn(
  storage: ModelledStorage,
  call: StorageCall,
  order: CommitOrder,
): { readonly storage: ModelledStorage; readonly reply: StorageReply } {
  const { directories, attempts } = storage;
  const stay = (reply: StorageReply) => ({ storage, reply });
  switch (call.kind) {
    case "inspect-output": {
      const files = directories[call.uri];
      if (files === undefined) return stay({ kind: "inspected", exists: false, empty: false, parentWritable: true });
      const job = jobOf(files);
      return stay({
        kind: "inspected",
        exists: true,
        empty: files.length === 0,
        parentWritable: true,
        ...(job === undefined ? {} : { manifestJob: job }),
      });
    }
    case "place":
      return place(storage, call);
    case "write-file": {
      const [directory, name] = cut(call.uri);
      const files = (directories[directory] ?? []).filter((file) => !file.startsWith(`${name}=`));
      return {
        storage: {
          ...storage,
          directories: { ...directories, [directory]: [...files, `${name}=${order.job}`].sort() },
        },
        reply: ok,
      };
    }
    case "list-files": {
      const files = directories[call.uri];
      if (files === undefined) return stay(refused("missing"));
      const listed = files.map((file) => {
        const name = file.slice(0, file.indexOf("="));
        const bytes =
          name === "_SUCCESS" ? order.manifestBytes : order.manifest.parts.find((part) => part.name === name)?.bytes;
        return { name, bytes: bytes ?? 0 };
      });
      return stay({ kind: "listed-files", files: listed });
    }
    case "rename":
      return move(storage, call.from, call.to, false);
    case "publish":
      return move(storage, call.from, call.to, true);
    case "remove": {
      const { [call.uri]: _, ...rest } = directories;
      const [directory, name] = cut(call.uri);
      const inside = rest[directory];
      const kept =
        inside === undefined ? rest : { ...rest, [directory]: inside.filter((file) => !file.startsWith(`${name}=`)) };
      return { storage: { ...storage, directories: kept }, reply: ok };
    }
    case "list-inputs":
    case "make-staging":
    case "measure":
      throw new Error(`a commit never asks to ${call.kind}, attempts ${attempts.length}`);
  }
}

/** Let the rename at large with this index run, to whatever end. */
export function runLate(storage: ModelledStorage, index: number): ModelledStorage {
  const rename = storage.late[index];
  const rest = { ...storage, late: storage.late.filter((_, at) => at !== index) };
  return rename === undefined ? rest : move(rest, rename.from, rename.to, true).storage;
}

function place(storage: ModelledStorage, call: Extract<StorageCall, { kind: "place" }>) {
  let { directories, attempts } = storage;
  const stopped = (reason: "missing" | "exists") => ({
    storage: { ...storage, directories, attempts },
    reply: refused(reason),
  });
  for (const { from, to } of call.moves) {
    const [directory, name] = cut(to);
    const [source, sourceName] = cut(from);
    const there = directories[directory] ?? [];
    directories = { ...directories, [directory]: there };
    const staged = directories[source]?.find((file) => file.startsWith(`${sourceName}=`));
    const content = attempts.includes(from) ? "part" : staged?.slice(staged.indexOf("=") + 1);
    const placed = there.some((file) => file.startsWith(`${name}=`));
    if (content === undefined && placed) continue;
    if (content === undefined) return stopped("missing");
    if (placed) return stopped("exists");
    attempts = attempts.filter((file) => file !== from);
    directories = { ...directories, [directory]: [...there, `${name}=${content}`].sort() };
    if (staged !== undefined)
      directories = { ...directories, [source]: (directories[source] ?? []).filter((file) => file !== staged) };
  }
  return { storage: { ...storage, directories, attempts }, reply: ok };
}

function move(storage: ModelledStorage, from: string, to: string, replaceEmpty: boolean) {
  const { [from]: moved, ...rest } = storage.directories;
  if (moved === undefined) return { storage, reply: refused("missing") };
  const there = rest[to];
  if (there !== undefined && !(replaceEmpty && there.length === 0)) return { storage, reply: refused("exists") };
  return { storage: { ...storage, directories: { ...rest, [to]: moved } }, reply: ok };
}

function cut(uri: string): readonly [string, string] {
  const at = uri.lastIndexOf("/");
  return [uri.slice(0, at), uri.slice(at + 1)];
}
