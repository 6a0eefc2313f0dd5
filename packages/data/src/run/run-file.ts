// Opens a run file: header, footer and index are checked, and the segments must tile the file, before anything is read.
// No footer, no file.

import type { SegmentSummary, SegmentVector } from "../conserve/segment-vector.ts";
import { dataVersion } from "../data-limits.ts";
import type { ByteSource, RunTools } from "./byte-store.ts";
import { failRun, type RunOrigin } from "./run-fault.ts";
import { footerBytes, headerBytes, indexEntryBytes, readUint64, runFlags, runMagic } from "./run-layout.ts";

/** Where a segment lies in its file and what it holds. */
export interface SegmentEntry extends SegmentSummary {
  readonly offset: number;
  /** Stored bytes. */
  readonly bytes: number;
}

/** A run file whose frame is whole; its blocks are not read yet. */
export interface RunFile {
  readonly kind: "values" | "states";
  readonly sources: "single" | "mixed";
  readonly partitions: number;
  /** One for each partition; made when they are asked for. */
  readonly segments: readonly SegmentEntry[];
  /** One of them, without the others: a reader of one partition needs no more of a file of thousands. */
  segment(partition: number): SegmentEntry | undefined;
}

/** More than any job has (reducesMax is 9,999): bounds what an index may make us allocate. */
const partitionsMax = 1_000_000;

/** Read the frame of a run file. @throws {DataError} with the origin's code when it is cut, damaged or of another version. */
export function openRunFile(source: ByteSource, tools: RunTools, origin: RunOrigin): RunFile {
  if (source.size < headerBytes + footerBytes) failRun(origin, "cut", `${source.size} bytes are no run file`);
  const header = readExactly(source, 0, headerBytes, origin);
  const footer = readExactly(source, source.size - footerBytes, footerBytes, origin);
  const headerView = new DataView(header.buffer);
  const footerView = new DataView(footer.buffer);
  if (!hasMagic(header, 0)) failRun(origin, "corrupt", "it does not begin like a run file");
  if (!hasMagic(footer, 24)) failRun(origin, "cut", "it has no footer");
  if (tools.crc32(header.subarray(0, 16)) !== headerView.getUint32(16))
    failRun(origin, "corrupt", "the header's check sum differs");
  if (tools.crc32(footer.subarray(0, 20)) !== footerView.getUint32(20))
    failRun(origin, "corrupt", "the footer's check sum differs");
  if (headerView.getUint16(8) !== dataVersion)
    failRun(origin, "corrupt", `data version ${headerView.getUint16(8)}, not ${dataVersion}`);
  const flags = headerView.getUint16(10);
  const partitions = headerView.getUint32(12);
  if (footerView.getUint32(8) !== partitions || footerView.getUint32(16) !== flags || flags > 3)
    failRun(origin, "corrupt", "header and footer differ");
  const indexOffset = readUint64(footerView, 0);
  if (partitions > partitionsMax || indexOffset + partitions * indexEntryBytes + footerBytes !== source.size)
    failRun(origin, "corrupt", "the index does not fit the file");
  const index = readExactly(source, indexOffset, partitions * indexEntryBytes, origin);
  if (tools.crc32(index) !== footerView.getUint32(12)) failRun(origin, "corrupt", "the index's check sum differs");
  checkTiling(new DataView(index.buffer), indexOffset, origin);
  return new OpenedRun(flags, new DataView(index.buffer));
}

/** A file whose index was checked. */
class OpenedRun implements RunFile {
  readonly kind: RunFile["kind"];
  readonly sources: RunFile["sources"];
  readonly partitions: number;
  readonly #index: DataView;
  #segments: readonly SegmentEntry[] | undefined;

  constructor(flags: number, index: DataView) {
    this.kind = flags & runFlags.states ? "states" : "values";
    this.sources = flags & runFlags.mixed ? "mixed" : "single";
    this.partitions = index.byteLength / indexEntryBytes;
    this.#index = index;
  }

  get segments(): readonly SegmentEntry[] {
    this.#segments ??= Array.from({ length: this.partitions }, (_, partition) => readEntry(this.#index, partition));
    return this.#segments;
  }

  segment(partition: number): SegmentEntry | undefined {
    return partition < this.partitions ? readEntry(this.#index, partition) : undefined;
  }
}

/** The vector of a run file. */
export function vectorOf(file: RunFile): SegmentVector {
  return {
    pairs: file.segments.map((segment) => segment.pairs),
    rawBytes: file.segments.map((segment) => segment.rawBytes),
    digests: file.segments.map((segment) => segment.digest),
  };
}

function checkTiling(index: DataView, indexOffset: number, origin: RunOrigin): void {
  let end = headerBytes;
  for (let at = 0; at < index.byteLength; at += indexEntryBytes) {
    const bytes = readUint64(index, at + 8);
    const counted = bytes >= 0 && readUint64(index, at + 16) >= 0 && readUint64(index, at + 24) >= 0;
    if (!counted || readUint64(index, at) !== end || end + bytes > indexOffset)
      failRun(origin, "corrupt", "segments do not tile the file");
    end += bytes;
  }
  if (end !== indexOffset) failRun(origin, "corrupt", "segments do not tile the file");
}

function readEntry(index: DataView, partition: number): SegmentEntry {
  const at = partition * indexEntryBytes;
  return {
    offset: readUint64(index, at),
    bytes: readUint64(index, at + 8),
    pairs: readUint64(index, at + 16),
    rawBytes: readUint64(index, at + 24),
    digest: hexOf(index.getUint32(at + 32)) + hexOf(index.getUint32(at + 36)),
  };
}

function hexOf(word: number): string {
  return word.toString(16).padStart(8, "0");
}

function hasMagic(bytes: Uint8Array, at: number): boolean {
  return runMagic.every((byte, index) => bytes[at + index] === byte);
}

/** Read `length` bytes that must be there. */
export function readExactly(source: ByteSource, offset: number, length: number, origin: RunOrigin): Uint8Array {
  const bytes = new Uint8Array(length);
  const read = source.readAt(offset, bytes);
  if (read !== length) failRun(origin, "cut", `${read} of ${length} bytes at ${offset}`);
  return bytes;
}
