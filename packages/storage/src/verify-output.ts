// Whether an output is what its manifest says: every file is read whole and compared, and nothing else lies there.
// What a third party could do with the manifest alone.

import { crc32 } from "node:zlib";
import { checkManifestText, manifestName, parseManifest } from "@millrace/core";
import type { Manifest, ManifestPart } from "@millrace/core";
import { storageReason } from "@millrace/ports";
import type { Storage } from "@millrace/ports";
import { mapBounded } from "./map-bounded.ts";
import { readText } from "./read-text.ts";

/** Something that is not as it should be. */
export interface VerifyProblem {
  /** Path below the output. */
  readonly name: string;
  /** For people: `has 3 bytes, not 5`. */
  readonly problem: string;
}

/** What a verification found. */
export interface VerifyReport {
  readonly ok: boolean;
  readonly manifest?: Manifest;
  /** Files, bytes and records that were read and are right. */
  readonly parts: number;
  readonly bytes: number;
  readonly records: number;
  /** Sorted by name. */
  readonly problems: readonly VerifyProblem[];
}

const manifestBytesMax = 256 * 1024 * 1024;
/** Bytes read at a time: large enough for a disk, small enough for four files at once. */
const chunkBytes = 1024 * 1024;
const parallelMax = 4;

/**
 * Check every file below an output against its `_SUCCESS`: length, CRC-32, and for JSON lines the records; find files
 * that are missing or do not belong there. Reads the whole output.
 * @throws {MillraceError} E_STORAGE when the output is missing or storage fails.
 */
export async function verifyOutput(storage: Storage, uri: string): Promise<VerifyReport> {
  const listed = await storage.listBelow(uri);
  const bytesByName = new Map(listed.map((file) => [file.uri.slice(uri.length + 1), file.bytes]));
  if (!bytesByName.has(manifestName)) return failed("is not there: this is no output of Millrace, or not a whole one");
  const text = await readText(storage, `${uri}/${manifestName}`, manifestBytesMax);
  const manifest = parseManifest(text);
  if (manifest === undefined) return failed("is no manifest");
  const fault = checkManifestText(text, manifest);
  if (fault !== undefined) return failed(fault);

  const checked = await mapBounded(manifest.parts, parallelMax, (part) => checkPart(storage, uri, part, bytesByName));
  const problems = checked.flatMap((problem) => (problem === undefined ? [] : [problem]));
  const expected = new Set([manifestName, ...manifest.parts.map(({ name }) => name)]);
  for (const name of bytesByName.keys())
    if (!expected.has(name)) problems.push({ name, problem: "is not in the manifest" });
  problems.sort((a, b) => (a.name < b.name ? -1 : 1));
  const good = manifest.parts.filter((_, index) => checked[index] === undefined);
  return {
    ok: problems.length === 0,
    manifest,
    parts: good.length,
    bytes: good.reduce((sum, { bytes }) => sum + bytes, 0),
    records: good.reduce((sum, { records }) => sum + records, 0),
    problems,
  };
}

function failed(problem: string): VerifyReport {
  return { ok: false, parts: 0, bytes: 0, records: 0, problems: [{ name: manifestName, problem }] };
}

async function checkPart(
  storage: Storage,
  uri: string,
  part: ManifestPart,
  bytesByName: ReadonlyMap<string, number>,
): Promise<VerifyProblem | undefined> {
  const { name } = part;
  const bytes = bytesByName.get(name);
  if (bytes === undefined) return { name, problem: "is not there" };
  if (bytes !== part.bytes) return { name, problem: `has ${bytes} bytes, not ${part.bytes}` };
  try {
    const content = await digest(storage, `${uri}/${name}`, part.bytes);
    if (content.bytes !== part.bytes) return { name, problem: `gave ${content.bytes} bytes, not ${part.bytes}` };
    if (content.crc !== part.crc32)
      return { name, problem: `has the CRC-32 ${hex(content.crc)}, not ${hex(part.crc32)}` };
    // A JSON text holds no raw newline, so lines are records; in other text formats a record may hold one.
    if (name.endsWith(".jsonl") && content.lines !== part.records)
      return { name, problem: `has ${content.lines} records, not ${part.records}` };
    return undefined;
  } catch (thrown) {
    if (storageReason(thrown) === undefined) throw thrown;
    return { name, problem: `cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}` };
  }
}

async function digest(
  storage: Storage,
  uri: string,
  bytes: number,
): Promise<{ readonly bytes: number; readonly crc: number; readonly lines: number }> {
  const reader = await storage.open(uri);
  try {
    const chunk = new Uint8Array(Math.min(chunkBytes, Math.max(bytes, 1)));
    let [at, crc, lines] = [0, 0, 0];
    for (;;) {
      const filled = await reader.read(at, chunk);
      if (filled === 0) return { bytes: at, crc, lines };
      const content = chunk.subarray(0, filled);
      crc = crc32(content, crc);
      lines += countLines(content);
      at += filled;
    }
  } finally {
    await reader.close();
  }
}

function countLines(content: Uint8Array): number {
  let lines = 0;
  for (let at = content.indexOf(10); at >= 0; at = content.indexOf(10, at + 1)) lines += 1;
  return lines;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, "0");
}
