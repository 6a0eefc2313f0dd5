// A worker's work directory: run files and gathered segments by name. A process crash keeps all of it; a machine crash
// may cut what is recent. Faults delete files, cut them, flip bits and fill the disk.

import type { ByteSource, ByteTarget, RunStore } from "@millrace/data";
import type { RandomStream } from "../random-stream.ts";

interface StoredFile {
  bytes: Uint8Array;
  synced: boolean;
}

/** Files of one worker, over all its lives. */
export class WorkerDisk implements RunStore {
  private readonly files = new Map<string, StoredFile>();
  /** Counts the lives of the work directory's owner. */
  incarnation = 0;

  /** Names in order. The caller owns the array. */
  names(prefix = ""): string[] {
    return [...this.files.keys()].filter((name) => name.startsWith(prefix)).sort();
  }

  read(name: string): Uint8Array | undefined {
    return this.files.get(name)?.bytes;
  }

  /** Store a whole file; the bytes become the disk's. */
  write(name: string, bytes: Uint8Array): void {
    this.files.set(name, { bytes, synced: false });
  }

  /** Make the present files durable against a machine crash. */
  sync(name: string): void {
    const file = this.files.get(name);
    if (file !== undefined) file.synced = true;
  }

  remove(name: string): void {
    this.files.delete(name);
  }

  removeBelow(prefix: string): void {
    for (const name of this.names(prefix)) this.files.delete(name);
  }

  /** Flip one bit of a file. */
  flip(name: string, stream: RandomStream): void {
    const file = this.files.get(name);
    if (file === undefined || file.bytes.length === 0) return;
    const bytes = file.bytes.slice();
    const at = stream.integer(0, bytes.length - 1);
    bytes[at] = (bytes[at] as number) ^ (1 << stream.integer(0, 7));
    file.bytes = bytes;
  }

  /** Cut a file short. */
  cut(name: string, stream: RandomStream): void {
    const file = this.files.get(name);
    if (file === undefined || file.bytes.length === 0) return;
    file.bytes = file.bytes.slice(0, stream.integer(0, file.bytes.length - 1));
  }

  /** The machine loses power: each unsynced file stays, is cut, or is gone. */
  machineCrash(stream: RandomStream): void {
    for (const name of this.names()) {
      if (this.files.get(name)?.synced === true) continue;
      const fate = stream.integer(0, 2);
      if (fate === 0) this.remove(name);
      else if (fate === 1) this.cut(name, stream);
    }
  }

  createRun(name: string): ByteTarget {
    const pieces: Uint8Array[] = [];
    return {
      write: (bytes) => void pieces.push(bytes.slice()),
      finish: () => this.write(name, concatenate(pieces)),
      discard: () => void pieces.splice(0),
    };
  }

  openRun(name: string): ByteSource {
    const bytes = this.read(name);
    if (bytes === undefined) throw new Error(`Cannot open "${name}": it is not there`);
    return sourceOf(bytes);
  }

  removeRun(name: string): void {
    this.remove(name);
  }
}

/** Read an array as a file. */
export function sourceOf(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    readAt: (offset, into) => {
      const part = bytes.subarray(offset, Math.min(bytes.length, offset + into.length));
      into.set(part);
      return part.length;
    },
    close: () => undefined,
  };
}

/** Join pieces. The caller owns the result. */
export function concatenate(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
