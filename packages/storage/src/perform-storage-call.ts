// The storage steps of a job, as a coordinator's driver performs them: each call becomes one reply, and never an error.
// What to do after "no" or "unknown" is decided in core/commit.

import { assertNever, isMillraceError, manifestName, ownerName, parseManifest, splitUri } from "@millrace/core";
import type { ListedInput, Manifest, StorageCall, StorageReply } from "@millrace/core";
import { awaitFailpoint, storageReason } from "@millrace/ports";
import type { FailpointName, Storage } from "@millrace/ports";
import { listInputs } from "./list-inputs.ts";
import { mapBounded } from "./map-bounded.ts";
import { readText, writeText } from "./read-text.ts";

/** Steps of one call that run side by side: those of a batch are independent. */
const parallelMax = 16;
/** A manifest of 9,999 parts in 16 outputs has about 40 MB. */
const manifestBytesMax = 256 * 1024 * 1024;

type Place = Extract<FailpointName, `commit.before${string}`> extends `commit.before${infer Name}` ? Name : never;

/** Perform one storage step of a job; `onFound` is told how many input files a listing has found so far. Never rejects. Passes the failpoints `commit.before…` and `commit.after…`. */
export async function performStorageCall(
  storage: Storage,
  call: StorageCall,
  onFound?: (files: number) => void,
): Promise<StorageReply> {
  try {
    await awaitFailpoint(`commit.before${placeOf(call)}`);
    const reply = await (call.kind === "list-inputs" ? listAll(storage, call, onFound) : perform(storage, call));
    await awaitFailpoint(`commit.after${placeOf(call)}`);
    return reply;
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    // A configuration that is wrong stays so, and so does a bound: nothing was done, and asking again gives the same.
    const wrong = isMillraceError(thrown) && (thrown.code === "E_CONFIGURATION" || thrown.code === "E_TOO_LARGE");
    const reason = storageReason(thrown) ?? (wrong ? "invalid" : "unknown");
    return reason === "unknown" ? { kind: "unknown", message } : { kind: "refused", reason, message };
  }
}

function placeOf(call: StorageCall): Place {
  const places = {
    "list-inputs": "ListInputs",
    "inspect-output": "Inspect",
    "make-staging": "Staging",
    measure: "Measure",
    place: "Place",
    "list-files": "Check",
    "write-file": "Manifest",
    publish: "Publish",
    rename: "Rename",
    remove: "Remove",
  } as const satisfies Record<StorageCall["kind"], Place>;
  return places[call.kind];
}

/** List the inputs one after another. @param onFound told how many files all of them have so far. */
async function listAll(
  storage: Storage,
  { inputs, wholeBelowBytes = 0 }: Extract<StorageCall, { kind: "list-inputs" }>,
  onFound?: (files: number) => void,
): Promise<StorageReply> {
  const listed: ListedInput[] = [];
  for (const patterns of inputs) {
    const before = listed.reduce((sum, { files }) => sum + files.length, 0);
    const onMore = (files: number): void => onFound?.(before + files);
    listed.push(await listInputs(storage, patterns, { wholeBelowBytes, onFound: onMore }));
  }
  return { kind: "listed-inputs", inputs: listed };
}

async function perform(storage: Storage, call: Exclude<StorageCall, { kind: "list-inputs" }>): Promise<StorageReply> {
  switch (call.kind) {
    case "inspect-output":
      return inspectOutput(storage, call.uri);
    case "make-staging":
      return makeStaging(storage, call.uri, call.owner);
    case "measure": {
      const found = await mapBounded(call.uris, parallelMax, (uri) => storage.status(uri));
      return { kind: "measured", bytes: found.map((status) => (status?.kind === "file" ? status.bytes : -1)) };
    }
    case "place":
      return place(storage, call.moves);
    case "list-files": {
      const files = await storage.listBelow(call.uri);
      return {
        kind: "listed-files",
        files: files.map(({ uri, bytes }) => ({ name: uri.slice(call.uri.length + 1), bytes })),
      };
    }
    case "write-file":
      await writeText(storage, call.uri, { text: call.text, replace: true, ...staged, ...call.as });
      return { kind: "ok" };
    case "publish":
      await storage.publish(call.from, call.to);
      return { kind: "ok" };
    case "rename":
      await storage.rename(call.from, call.to);
      return { kind: "ok" };
    case "remove":
      await storage.remove(call.uri);
      return { kind: "ok" };
    default:
      return assertNever(call, "storage call");
  }
}

async function inspectOutput(storage: Storage, uri: string): Promise<StorageReply> {
  const [status, denial] = await Promise.all([storage.status(uri), storage.writeDenial(splitUri(uri).parent)]);
  const parent = denial === undefined ? { parentWritable: true } : { parentWritable: false, parentDenial: denial };
  if (status === undefined) return { kind: "inspected", exists: false, empty: false, ...parent };
  if (status.kind !== "directory") return { kind: "inspected", exists: true, empty: false, ...parent };
  const children = await storage.list(uri);
  const manifest = children.find((child) => child.kind === "file" && child.uri === `${uri}/${manifestName}`);
  const found = { kind: "inspected", exists: true, empty: children.length === 0, ...parent } as const;
  if (manifest === undefined || manifest.bytes > manifestBytesMax) return found;
  const read = parseManifest(await readText(storage, manifest.uri, manifestBytesMax));
  if (read === undefined) return found;
  const foreign = await foreignFile(storage, uri, read);
  return { ...found, manifestJob: read.job, ...(foreign === undefined ? {} : { foreign }) };
}

/** Find the first file below an output that its manifest does not name: somebody put it there. */
async function foreignFile(storage: Storage, uri: string, { parts }: Manifest): Promise<string | undefined> {
  const named = new Set([manifestName, ...parts.map(({ name }) => name)]);
  const names = (await storage.listBelow(uri)).map((file) => file.uri.slice(uri.length + 1));
  return names.find((name) => !named.has(name));
}

/**
 * What staging holds need not outlive a power failure before it is published: `publish` makes the whole directory
 * durable, and a commit that is recovered does its steps again.
 */
const staged = { durable: false } as const;

/** The owner file is created without overwrite: it is what tells two jobs apart where making a directory is not exclusive. */
async function makeStaging(storage: Storage, uri: string, owner: string): Promise<StorageReply> {
  await storage.makeDirectory(uri, staged);
  const file = `${uri}/${ownerName}`;
  try {
    await writeText(storage, file, { text: owner, replace: false, ...staged });
  } catch (thrown) {
    if (storageReason(thrown) !== "exists" || (await readText(storage, file, owner.length * 4)) !== owner) throw thrown;
  }
  return { kind: "ok" };
}

async function place(storage: Storage, moves: Extract<StorageCall, { kind: "place" }>["moves"]): Promise<StorageReply> {
  const parents = [...new Set(moves.map(({ to }) => splitUri(to).parent))].sort();
  for (const parent of parents) await storage.makeDirectory(parent, staged);
  await mapBounded(moves, parallelMax, async ({ from, to }) => {
    try {
      await storage.rename(from, to, staged);
    } catch (thrown) {
      const reason = storageReason(thrown);
      if (reason !== "missing" && reason !== "exists") throw thrown;
      const done = (await storage.status(from)) === undefined && (await storage.status(to)) !== undefined;
      if (!done) throw thrown;
    }
  });
  return { kind: "ok" };
}
