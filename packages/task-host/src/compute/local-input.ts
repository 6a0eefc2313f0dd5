// A file of this machine as input: read synchronously by the compute thread, which is faster than a ring.

import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { MillraceError, magicBytes, quote } from "@millrace/core";
import type { CompressionCodec } from "@millrace/core";
import type { ChunkSource } from "@millrace/data";
import type { InputBytes } from "../attempt/attempt-io.ts";
import { hostLimits } from "../host-limits.ts";
import { changed, checkPlanned } from "./check-planned.ts";
import { findCodec } from "./find-codec.ts";
import type { PlannedPart } from "./io-messages.ts";

// One buffer a compute thread: attempts run one at a time, and a chunk is valid only until the next.
let sharedBuffer: Uint8Array | undefined;

/**
 * Open a local file, as it is stored.
 *
 * @param chunk - where it is read to; by default memory that all inputs of the thread share.
 * @throws {MillraceError} E_INPUT_CHANGED, E_INPUT_READ, E_UNSUPPORTED_CODEC.
 */
export function openLocalInput(path: string, planned: PlannedPart, chunk?: Uint8Array): InputBytes {
  const { uri, codec: told } = planned.part;
  const descriptor = openFile(path, uri);
  let codec: CompressionCodec;
  try {
    checkDescriptor(descriptor, planned);
    codec = told === "detect" ? findCodec(readHead(descriptor, uri), uri) : told;
  } catch (thrown) {
    closeSync(descriptor);
    throw thrown;
  }
  return {
    codec,
    source: new LocalChunks(descriptor, planned, chunk),
    checkUnchanged: () => {
      checkDescriptor(descriptor, planned);
    },
    close: () => {
      closeSync(descriptor);
    },
  };
}

function openFile(path: string, uri: string): number {
  try {
    // Without O_NONBLOCK a named pipe that took the file's place would hold the thread for ever.
    return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") throw changed(uri, "it is gone");
    throw unreadable(uri, thrown);
  }
}

function checkDescriptor(descriptor: number, planned: PlannedPart): void {
  const status = fstatSync(descriptor);
  if (!status.isFile()) throw changed(planned.part.uri, "it is no file any more");
  checkPlanned(planned, { bytes: status.size, modifiedMs: status.mtimeMs });
}

function readHead(descriptor: number, uri: string): Uint8Array {
  const head = new Uint8Array(magicBytes);
  try {
    return head.subarray(0, readSync(descriptor, head, 0, head.length, 0));
  } catch (thrown) {
    throw unreadable(uri, thrown);
  }
}

class LocalChunks implements ChunkSource {
  readonly #descriptor: number;
  readonly #planned: PlannedPart;
  readonly #chunk: Uint8Array;
  #offset = 0;

  constructor(descriptor: number, planned: PlannedPart, chunk?: Uint8Array) {
    this.#descriptor = descriptor;
    this.#planned = planned;
    sharedBuffer ??= new Uint8Array(hostLimits.readBytes);
    this.#chunk = chunk ?? sharedBuffer;
  }

  seek(offset: number): void {
    this.#offset = offset;
  }

  next(): Uint8Array | undefined {
    const { fileBytes, offset, bytes, uri } = this.#planned.part;
    // What grew after planning is not there.
    const rest = fileBytes - this.#offset;
    if (rest <= 0) return undefined;
    // The end of the split's range ends a chunk: beyond it only the rest of one record is wanted.
    const inRange = offset + bytes - this.#offset;
    const lookAhead = hostLimits.lookAheadBytes;
    const wanted = Math.min(this.#chunk.length, rest, inRange > 0 ? inRange + lookAhead : lookAhead);
    const count = this.#read(this.#chunk, wanted);
    if (count === 0) throw changed(uri, `it ends at byte ${this.#offset}, not ${fileBytes}`);
    this.#offset += count;
    return this.#chunk.subarray(0, count);
  }

  #read(buffer: Uint8Array, count: number): number {
    try {
      return readSync(this.#descriptor, buffer, 0, count, this.#offset);
    } catch (thrown) {
      throw unreadable(this.#planned.part.uri, thrown);
    }
  }
}

function unreadable(uri: string, cause: unknown): MillraceError {
  return new MillraceError(
    "E_INPUT_READ",
    `Cannot read input ${quote(uri, 1_024)}: ${(cause as Error).message}; check the storage and its permissions`,
    { details: { uri }, cause },
  );
}
