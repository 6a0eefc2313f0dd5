// Run files on simulated disks, by way of the engine's own format: adopting, serving, verifying.

import type { ComplaintReason, SegmentPlace } from "@millrace/core";
import {
  digestVector,
  memorySource,
  openRunFile,
  SegmentVerifier,
  vectorOf,
  verifySegment as verifyRange,
} from "@millrace/data";
import type { RunFile } from "@millrace/data";
import { runTools } from "./tools.ts";

const origin = { name: "run", code: "E_SEGMENT" } as const;

/** Digest of the vector of a run file whose frame is whole; undefined for any other file. */
export function readHeldRun(bytes: Uint8Array | undefined): string | undefined {
  const file = bytes === undefined ? undefined : maybeOpen(bytes);
  return file === undefined ? undefined : digestVector(vectorOf(file));
}

/** Bytes of one segment, as the shuffle server sends them; undefined when the file's frame is damaged. The caller owns them. */
export function segmentOf(bytes: Uint8Array, partition: number): Uint8Array | undefined {
  const entry = maybeOpen(bytes)?.segments[partition];
  return entry === undefined ? undefined : bytes.slice(entry.offset, entry.offset + entry.bytes);
}

/** Whether the frame and every block of a run file are whole. */
export function verifyRunBytes(bytes: Uint8Array): boolean {
  const file = maybeOpen(bytes);
  if (file === undefined) return false;
  try {
    for (const segment of file.segments) verifyRange(memorySource(bytes), segment, runTools, origin);
    return true;
  } catch (thrown) {
    if (reasonOf(thrown) === undefined) throw thrown;
    return false;
  }
}

/** Verify a segment that arrived against what its place says. @returns what is wrong with it. */
export function verifySegment(bytes: Uint8Array, place: SegmentPlace): ComplaintReason | undefined {
  const verifier = new SegmentVerifier(place, runTools, origin);
  try {
    for (let at = 0; at < bytes.length; at += 50) verifier.push(bytes.subarray(at, at + 50));
    verifier.finish();
    return undefined;
  } catch (thrown) {
    const reason = reasonOf(thrown);
    if (reason === undefined) throw thrown;
    return reason;
  }
}

function maybeOpen(bytes: Uint8Array): RunFile | undefined {
  try {
    return openRunFile(memorySource(bytes), runTools, origin);
  } catch (thrown) {
    if (reasonOf(thrown) === undefined) throw thrown;
    return undefined;
  }
}

function reasonOf(thrown: unknown): "cut" | "corrupt" | undefined {
  const details = (thrown as { details?: { reason?: unknown } }).details;
  return details?.reason === "cut" || details?.reason === "corrupt" ? details.reason : undefined;
}
