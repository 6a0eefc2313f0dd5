// The vectors of a stage added up, for a job that is over: what people see of its partitions. A job that lives has its sums
// in memory. Read without blocking whatever else the coordinator does, one vector at a time.

import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { MillraceError, quote } from "@millrace/core";
import type { PartitionView } from "@millrace/core";
import { damagedVectors, entryBytes, headerBytes } from "./vector-file.ts";

/** Which vectors are added up. */
export interface VectorOrder {
  /** Of the stage's shuffle. */
  readonly partitions: number;
  /** Where the vectors of its accepted tasks begin. */
  readonly positions: readonly number[];
}

/** Read for one answer at most: 10,000 maps of 1,000 partitions, about a second. */
const bytesMax = 256 * 1024 * 1024;

/**
 * Add up vectors. Cost: one read for each.
 * @returns one row a partition, in order.
 * @throws {MillraceError} E_STATE_DAMAGED when the file is gone or a vector is not whole, E_TOO_LARGE for too many.
 */
export async function sumVectors(
  path: string,
  { partitions, positions }: VectorOrder,
): Promise<readonly PartitionView[]> {
  const frameBytes = headerBytes + partitions * entryBytes;
  if (positions.length * frameBytes > bytesMax)
    throw new MillraceError(
      "E_TOO_LARGE",
      `Cannot add up the vectors ${quote(path)}: there are ${positions.length * frameBytes} bytes of them, more than ${bytesMax}; look at jobs of this size while they run`,
      { details: { path } },
    );
  const sums = Array.from({ length: partitions }, (_, partition) => ({ partition, pairs: 0, rawBytes: 0 }));
  const frame = Buffer.alloc(frameBytes);
  const file = await openVectors(path);
  try {
    for (const position of positions) {
      await readFrame(file, frame, { path, position, partitions });
      for (const sum of sums) {
        const at = headerBytes + sum.partition * entryBytes;
        sum.pairs += frame.readDoubleLE(at);
        sum.rawBytes += frame.readDoubleLE(at + 8);
      }
    }
  } finally {
    await file.close();
  }
  return sums;
}

async function openVectors(path: string): Promise<FileHandle> {
  try {
    return await open(path, "r");
  } catch (cause) {
    throw new MillraceError(
      "E_STATE_DAMAGED",
      `Cannot read the vectors ${quote(path)}: the file is not there; restore the directory from a copy`,
      { cause, details: { path } },
    );
  }
}

async function readFrame(
  file: FileHandle,
  frame: Buffer,
  { path, position, partitions }: { readonly path: string; readonly position: number; readonly partitions: number },
): Promise<void> {
  const { bytesRead } = await file.read(frame, 0, frame.length, position);
  const whole =
    bytesRead === frame.length &&
    frame.readUInt32LE(0) === partitions &&
    frame.readUInt32LE(4) === crc32(frame.subarray(headerBytes));
  if (!whole) throw damagedVectors(path, position);
}
