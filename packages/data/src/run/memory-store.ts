// Run files in memory: for the simulator, for tests, and as the plainest example of a store.

import { invariant } from "../data-error.ts";
import type { ByteSource, ByteTarget, RunStore } from "./byte-store.ts";

/** Bytes in memory as a source. */
export function memorySource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    readAt: (offset, into) => {
      const part = bytes.subarray(Math.min(offset, bytes.length), Math.min(offset + into.length, bytes.length));
      into.set(part);
      return part.length;
    },
    close: () => undefined,
  };
}

/** A store whose finished files are arrays; `files` shows them. */
export class MemoryRunStore implements RunStore {
  readonly files = new Map<string, Uint8Array>();

  createRun(name: string): ByteTarget {
    invariant(!this.files.has(name), `a run file is made once: ${name}`);
    let pieces: Uint8Array[] = [];
    return {
      write: (bytes) => {
        pieces.push(bytes.slice());
      },
      finish: () => {
        const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
        let at = 0;
        for (const piece of pieces) {
          whole.set(piece, at);
          at += piece.length;
        }
        this.files.set(name, whole);
      },
      discard: () => {
        pieces = [];
      },
    };
  }

  openRun(name: string): ByteSource {
    const bytes = this.files.get(name);
    invariant(bytes !== undefined, `a run file is there: ${name}`);
    return memorySource(bytes);
  }

  removeRun(name: string): void {
    this.files.delete(name);
  }
}
