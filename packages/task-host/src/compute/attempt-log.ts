// The log of one attempt: what user code prints, written synchronously, since asynchronous lines of synchronous code are
// lost when the attempt is killed. Bounded: beyond the cap one mark is written and the rest is dropped.

import { closeSync, fstatSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { formatBytes, limits } from "@millrace/core";

/** Where a line goes. */
export interface LogSink {
  write(text: string | Uint8Array): void;
}

/** Append to one attempt's log. Never throws: a full disk costs the log, not the attempt. */
export class AttemptLog implements LogSink {
  readonly #path: string;
  readonly #bytesMax: number;
  /** Undefined before the first write: most attempts print nothing, and a file costs a millisecond on a busy disk. */
  #file: { readonly descriptor: number; room: number } | undefined;

  /** @param bytesMax - bytes kept; a mark follows when there was more. */
  constructor(path: string, bytesMax: number = limits.logBytesMax) {
    this.#path = path;
    this.#bytesMax = bytesMax;
  }

  write(text: string | Uint8Array): void {
    const bytes = typeof text === "string" ? Buffer.from(text) : text;
    if (bytes.length === 0) return;
    this.#file ??= openLog(this.#path, this.#bytesMax);
    const { room } = this.#file;
    if (room <= 0) return;
    this.#append(bytes.length > room ? bytes.subarray(0, room) : bytes);
    this.#file.room -= bytes.length;
    if (this.#file.room < 0) this.#append(Buffer.from(this.#mark()));
  }

  close(): void {
    if (this.#file !== undefined && this.#file.descriptor >= 0) closeSync(this.#file.descriptor);
    this.#file = { descriptor: -1, room: 0 };
  }

  #mark(): string {
    return `\n[The log was cut here: it is longer than ${formatBytes(this.#bytesMax)}]\n`;
  }

  #append(bytes: Uint8Array): void {
    const file = this.#file;
    if (file === undefined) return;
    try {
      for (let from = 0; from < bytes.length;) from += writeSync(file.descriptor, bytes, from);
    } catch {
      file.room = 0;
    }
  }
}

function openLog(path: string, bytesMax: number): { readonly descriptor: number; room: number } {
  const descriptor = tryOpen(path);
  return { descriptor, room: descriptor < 0 ? 0 : bytesMax - fstatSync(descriptor).size };
}

function tryOpen(path: string): number {
  try {
    return openSync(path, "a", 0o600);
  } catch {
    return makeAndOpen(path);
  }
}

function makeAndOpen(path: string): number {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    return openSync(path, "a", 0o600);
  } catch {
    return -1;
  }
}
