// Output files of an attempt: written synchronously below a local path, or through a ring to network storage.

import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, unlinkSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { MillraceError, isFullDisk, quote } from "@millrace/core";
import type { PartFileOptions } from "@millrace/core";
import type { OutputBytes } from "../attempt/attempt-io.ts";
import { SyncRingReader, SyncRingWriter, createRing } from "../ring/ring.ts";
import type { ComputeMessage } from "./io-messages.ts";

/** Make a file below a directory of this machine; missing directories are made. @throws {MillraceError} E_OUTPUT_WRITE. */
export function createLocalOutput(directory: string, path: string): OutputBytes {
  const target = join(directory, path);
  const guard = <T>(act: () => T): T => {
    try {
      return act();
    } catch (thrown) {
      throw unwritable(target, thrown);
    }
  };
  const descriptor = guard(() => openNew(target));
  let open = true;
  const close = (): void => {
    if (open) closeSync(descriptor);
    open = false;
  };
  return {
    write: (bytes) => {
      guard(() => {
        writeAll(descriptor, bytes);
      });
    },
    close: () =>
      guard(() => {
        fsyncSync(descriptor);
        const { size } = fstatSync(descriptor);
        close();
        return size;
      }),
    discard: () => {
      try {
        close();
        unlinkSync(target);
      } catch {
        // The attempt's directory is garbage as a whole once the attempt has failed.
      }
    },
  };
}

function openNew(path: string): number {
  try {
    return openSync(path, "wx", 0o666);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "ENOENT") throw thrown;
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, "wx", 0o666);
  }
}

/** Write all bytes, however many calls that takes. */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let from = 0; from < bytes.length;) from += writeSync(descriptor, bytes, from);
}

/** Make a file by URI through the I/O thread. @throws {MillraceError} E_OUTPUT_WRITE. */
export function createRingOutput(
  uri: string,
  partFiles: PartFileOptions,
  post: (message: ComputeMessage) => void,
): OutputBytes {
  const ring = createRing();
  const reply = createRing({ chunkBytes: 8 * 1024, chunkCount: 2 });
  post({ kind: "write-output", uri, partFiles, ring, reply });
  const writer = new SyncRingWriter(ring);
  const reader = new SyncRingReader(reply);
  // The other side closes the ring when it cannot write any more, and says why in its reply.
  const length = (): number => Number(new TextDecoder().decode(reader.next()?.slice() ?? new Uint8Array()));
  return {
    write: (bytes) => {
      if (!writer.write(bytes))
        throw unwritable(uri, new Error(`storage took no more, and told a length of ${length()}`));
    },
    close: () => {
      writer.end();
      return length();
    },
    discard: () => {
      writer.fail(new MillraceError("E_KILLED", "Cannot finish the output: the attempt failed; nothing to do"));
    },
  };
}

function unwritable(target: string, cause: unknown): MillraceError {
  const mend = isFullDisk(cause) ? "free space on its disk" : "check the storage and its permissions";
  return new MillraceError(
    "E_OUTPUT_WRITE",
    `Cannot write output file ${quote(target, 1_024)}: ${(cause as Error).message}; ${mend}`,
    { cause },
  );
}
