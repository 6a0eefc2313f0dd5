// The listing that planning begins with: files of each pattern with their length, time, compression and hosts.

import {
  detectCodec,
  isMillraceError,
  limits,
  magicBytes,
  namesUnsupportedCodec,
  sortByUri,
  unsupportedCodecReason,
} from "@millrace/core";
import type { InputFile, ListedInput } from "@millrace/core";
import { storageBecause, storageReason } from "@millrace/ports";
import type { BlockLocation, FileStatus, Storage } from "@millrace/ports";
import { expandPattern } from "./expand-pattern.ts";
import type { Expanded } from "./expand-pattern.ts";
import { mapBounded } from "./map-bounded.ts";

/** Files looked into at a time. */
const parallelMax = 16;

/**
 * Files whose hosts are asked for. Smaller ones are packed, 16 and more in a split of 128 MiB, and no host holds much of
 * that: of 10,000 such files a third of all requests would be for nothing.
 */
const placedBytesMin = 8 * 1024 * 1024;

/**
 * Small files of an input that are opened all the same: what is wrong with one is mostly wrong with all, and then it is
 * told before the job begins. Two rounds of those that are opened at a time: on HDFS what a few pages of a listing take.
 */
const sampledFilesMax = 2 * parallelMax;

/** How an input is listed. */
export interface ListOptions {
  /** Files of fewer bytes are whole in any plan: of many such some are opened, and of the others who reads them finds out. */
  readonly wholeBelowBytes?: number;
  /** Told now and then how many files are found so far. */
  readonly onFound?: (files: number) => void;
}

type Refused = ListedInput["refused"][number];

type Looked =
  | { readonly kind: "file"; readonly file: InputFile }
  | { readonly kind: "refused"; readonly refused: Refused };

/**
 * List the files of one input. Files are opened once for their first bytes, but for empty ones and most of many small ones.
 * @param patterns Absolute URIs of files, directories or globs.
 * @returns files by URI bytes, each once; what cannot be read is refused by name, not thrown.
 * @throws {MillraceError} E_STORAGE when a listing fails.
 */
export async function listInputs(
  storage: Storage,
  patterns: readonly string[],
  { wholeBelowBytes = 0, onFound }: ListOptions = {},
): Promise<ListedInput> {
  const found = new Map<string, FileStatus>();
  const unmatched: string[] = [];
  const tooLarge: Refused[] = [];
  let skipped = 0;
  for (const pattern of patterns) {
    const before = found.size;
    const expanded = await expandBounded(storage, pattern, (files) => onFound?.(before + files));
    if ("reason" in expanded) {
      tooLarge.push(expanded);
      continue;
    }
    for (const file of expanded.files) found.set(file.uri, file);
    skipped += expanded.skipped;
    if (!expanded.matched && expanded.skipped === 0) unmatched.push(pattern);
  }
  const files = sortByUri([...found.values()]);
  const opened = chooseOpened(files, wholeBelowBytes);
  const looked = await mapBounded(files, parallelMax, async (status): Promise<Looked> => {
    const fault = statusFault(status);
    if (fault !== undefined)
      return { kind: "refused", refused: { uri: status.uri, reason: fault, code: "E_INPUT_READ" } };
    return opened.has(status) ? look(storage, status) : { kind: "file", file: unopened(status) };
  });
  return {
    files: looked.flatMap((item) => (item.kind === "file" ? [item.file] : [])),
    skipped,
    unmatched,
    refused: [...tooLarge, ...looked.flatMap((item) => (item.kind === "refused" ? [item.refused] : []))],
  };
}

/** Expand a pattern; one of more files than a job may have is refused, as a part of them looks like all. */
async function expandBounded(
  storage: Storage,
  pattern: string,
  onFound: (files: number) => void,
): Promise<Expanded | Refused> {
  try {
    return await expandPattern(storage, pattern, onFound);
  } catch (thrown) {
    if (!isMillraceError(thrown) || thrown.code !== "E_TOO_LARGE") throw thrown;
    return { uri: pattern, reason: String(thrown.details["because"]), code: thrown.code };
  }
}

/**
 * Choose whom to open: whatever may be cut, is no file, or has a name that says that it cannot be read; and of the rest
 * some, far from each other.
 */
function chooseOpened(files: readonly FileStatus[], wholeBelowBytes: number): ReadonlySet<FileStatus> {
  const isPlain = ({ kind, bytes, uri }: FileStatus): boolean =>
    kind === "file" && bytes > 0 && bytes < wholeBelowBytes && !namesUnsupportedCodec(uri);
  const small = files.filter(isPlain);
  const opened = new Set(files.filter((file) => !isPlain(file)));
  const step = Math.max(1, small.length / sampledFilesMax);
  for (let at = 0; at < small.length; at += step) {
    const file = small[Math.floor(at)];
    if (file !== undefined) opened.add(file);
  }
  return opened;
}

/** Say why a plan cannot name what was found: no message to a worker would carry it. */
function statusFault({ uri, modifiedMs }: FileStatus): string | undefined {
  if (uri.length > limits.uriCharactersMax)
    return `its URI has ${uri.length} characters, more than ${limits.uriCharactersMax} (give it or its directories shorter names)`;
  if (!Number.isSafeInteger(modifiedMs))
    return `its time of modification is ${modifiedMs} ms after 1970, which is none (touch it)`;
  return undefined;
}

function unopened({ uri, bytes, modifiedMs, blockBytes }: FileStatus): InputFile {
  return { uri, bytes, modifiedMs, blockBytes, codec: "detect", hosts: [] };
}

const linkReason =
  "it is a link to nothing: what it names was moved or removed, is not mounted here, or is the link itself (set it anew, or remove it)";

const otherReason =
  "it is a pipe, a socket, a device or a link that is not followed, and tasks read a file in parts and again after a failure (write what comes out of a pipe to a file first)";

async function look(storage: Storage, status: FileStatus): Promise<Looked> {
  const { uri, bytes, modifiedMs, blockBytes } = status;
  if (status.kind !== "file")
    return {
      kind: "refused",
      refused: { uri, reason: status.leadsNowhere === true ? linkReason : otherReason, code: "E_INPUT_READ" },
    };
  try {
    const head = bytes === 0 ? new Uint8Array(0) : await readHead(storage, status);
    const detected = detectCodec(head, uri);
    if (detected.kind === "unsupported")
      return {
        kind: "refused",
        refused: {
          uri,
          reason: unsupportedCodecReason(detected.name),
          code: "E_UNSUPPORTED_CODEC",
        },
      };
    const placed = blockBytes > 0 && bytes >= placedBytesMin;
    const blocks = placed ? sortBlocks(await storage.locate(uri, 0, bytes)) : [];
    const file = { uri, bytes, modifiedMs, blockBytes, codec: detected.codec, hosts: rankHosts(blocks) };
    return { kind: "file", file: blocks.length === 0 ? file : { ...file, blocks } };
  } catch (thrown) {
    const reason = storageReason(thrown);
    if (reason !== "denied" && reason !== "invalid" && reason !== "missing") throw thrown;
    const because = {
      denied: storageBecause(thrown) ?? "permission denied",
      invalid: "it is no file that can be read",
      missing: "it vanished while it was listed",
    };
    return { kind: "refused", refused: { uri, reason: because[reason], code: "E_INPUT_READ" } };
  }
}

async function readHead(storage: Storage, known: FileStatus): Promise<Uint8Array> {
  const reader = await storage.open(known.uri, { known });
  try {
    const head = new Uint8Array(magicBytes);
    return head.subarray(0, await reader.read(0, head));
  } finally {
    await reader.close();
  }
}

/** By offset, each host of a block once: two DataNodes on one machine are one host. */
function sortBlocks(blocks: readonly BlockLocation[]): readonly BlockLocation[] {
  return blocks.map(withoutTwins).sort((a, b) => a.offset - b.offset);
}

function withoutTwins(block: BlockLocation): BlockLocation {
  const { offset, bytes, hosts, racks } = block;
  const kept = hosts.map((_, index) => index).filter((index) => hosts.indexOf(hosts[index] ?? "") === index);
  if (kept.length === hosts.length) return block;
  const pick = (names: readonly string[]): readonly string[] => kept.flatMap((index) => names[index] ?? []);
  return { offset, bytes, hosts: pick(hosts), ...(racks === undefined ? {} : { racks: pick(racks) }) };
}

/** Hosts by the bytes that they hold, then by name. */
function rankHosts(blocks: readonly BlockLocation[]): readonly string[] {
  const bytesByHost = new Map<string, number>();
  for (const { hosts, bytes } of blocks) {
    for (const host of hosts) bytesByHost.set(host, (bytesByHost.get(host) ?? 0) + bytes);
  }
  return [...bytesByHost].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([host]) => host);
}
