// The vectors of a job's shuffles, in one binary file beside its journal: too large for the journal, and read by
// partition. A vector is appended and synced before the event that may accept it is stepped; one that nobody accepted
// is garbage of a known size.
//
//   frame: partitions (u32), crc32 of the entries (u32), then for each partition pairs (f64), raw bytes (f64),
//   digest (8 bytes, as its hexadecimal text reads). Little-endian but for the digest.

import { closeSync, fdatasync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import { crc32 } from "node:zlib";
import { MillraceError, invariant, limits, quote } from "@millrace/core";
import type { SegmentVector } from "@millrace/core";

/** What one segment holds. */
export interface SegmentEntry {
  readonly pairs: number;
  readonly rawBytes: number;
  readonly digest: string;
}

/** Bytes of a frame before its entries. */
export const headerBytes = 8;
/** Bytes of one partition's entry. */
export const entryBytes = 24;

/** The vectors of one job. */
export class VectorFile {
  readonly #path: string;
  readonly #descriptor: number;
  #end: number;
  #synced = true;

  private constructor(path: string, descriptor: number, end: number) {
    this.#path = path;
    this.#descriptor = descriptor;
    this.#end = end;
  }

  /** Open the file, made when it is not there. */
  static open(path: string): VectorFile {
    const descriptor = openSync(path, "a+", 0o600);
    return new VectorFile(path, descriptor, fstatSync(descriptor).size);
  }

  /** Append a vector. It is not durable before {@link sync}. @returns its position. */
  append(vector: SegmentVector): number {
    const partitions = vector.pairs.length;
    const frame = Buffer.alloc(headerBytes + partitions * entryBytes);
    for (let partition = 0; partition < partitions; partition += 1) {
      const at = headerBytes + partition * entryBytes;
      frame.writeDoubleLE(vector.pairs[partition] ?? 0, at);
      frame.writeDoubleLE(vector.rawBytes[partition] ?? 0, at + 8);
      frame.write(vector.digests[partition] ?? "", at + 16, "hex");
    }
    frame.writeUInt32LE(partitions, 0);
    frame.writeUInt32LE(crc32(frame.subarray(headerBytes)), 4);
    const position = this.#end;
    for (let at = 0; at < frame.length;) at += writeSync(this.#descriptor, frame, at, frame.length - at);
    this.#end += frame.length;
    this.#synced = false;
    return position;
  }

  /** Make all appended vectors durable. */
  async sync(): Promise<void> {
    if (this.#synced) return;
    this.#synced = true;
    await new Promise<void>((resolve, reject) =>
      fdatasync(this.#descriptor, (error) => (error === null ? resolve() : reject(error))),
    );
  }

  /** Read a whole vector and check it. The caller owns it. @throws {MillraceError} E_STATE_DAMAGED. */
  read(position: number): SegmentVector {
    const entries = this.#readFrame(position);
    const vector: { pairs: number[]; rawBytes: number[]; digests: string[] } = { pairs: [], rawBytes: [], digests: [] };
    for (let at = 0; at < entries.length; at += entryBytes) {
      vector.pairs.push(entries.readDoubleLE(at));
      vector.rawBytes.push(entries.readDoubleLE(at + 8));
      vector.digests.push(entries.toString("hex", at + 16, at + 24));
    }
    return vector;
  }

  /** Read the entry of one partition, without the check of the whole: a wrong one shows when its segment is read. */
  readEntry(position: number, partition: number): SegmentEntry {
    const entry = Buffer.alloc(entryBytes);
    const read = readSync(this.#descriptor, entry, 0, entryBytes, position + headerBytes + partition * entryBytes);
    if (read !== entryBytes) throw damagedVectors(this.#path, position);
    return { pairs: entry.readDoubleLE(0), rawBytes: entry.readDoubleLE(8), digest: entry.toString("hex", 16, 24) };
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #readFrame(position: number): Buffer {
    invariant(position >= 0, "a task without a run has no vector");
    const header = Buffer.alloc(headerBytes);
    if (readSync(this.#descriptor, header, 0, headerBytes, position) !== headerBytes)
      throw damagedVectors(this.#path, position);
    const partitions = header.readUInt32LE(0);
    // Checked before it is used as a size.
    if (partitions > limits.reducesMax) throw damagedVectors(this.#path, position);
    const entries = Buffer.alloc(partitions * entryBytes);
    const read = readSync(this.#descriptor, entries, 0, entries.length, position + headerBytes);
    if (read !== entries.length || crc32(entries) !== header.readUInt32LE(4))
      throw damagedVectors(this.#path, position);
    return entries;
  }
}

/** The error of a vector that is not what was written. */
export function damagedVectors(path: string, position: number): MillraceError {
  return new MillraceError(
    "E_STATE_DAMAGED",
    `Cannot read the vectors ${quote(path)}: damaged at offset ${position}; restore the directory from a copy`,
    { details: { path, offset: position } },
  );
}
