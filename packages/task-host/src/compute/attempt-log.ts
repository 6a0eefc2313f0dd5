// The log of one attempt: what user code prints, written synchronously, since asynchronous lines of synchronous code are
// lost when the attempt is killed. Bounded: beyond the cap one mark is written and the rest is dropped.

import { closeSync, fstatSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { limits } from "@millrace/core";

/** Where a line goes. */
export interface LogSink {
  write(text: string | Uint8Array): void;
}

/** Append to one attempt's log. Never throws: a full disk costs the log, not the attempt. */
export class AttemptLog implements LogSink {
  #descriptor: number;
  #room: number;

  /** Open the log. @param bytesMax - bytes kept; a mark follows when there was more. */
  constructor(path: string, bytesMax: number = limits.logBytesMax) {
    this.#descriptor = openLog(path);
    this.#room = bytesMax - (this.#descriptor < 0 ? 0 : fstatSync(this.#descriptor).size);
    this.#mark = `\n[The log was cut here: it is longer than ${bytesMax} bytes]\n`;
  }

  readonly #mark: string;

  write(text: string | Uint8Array): void {
    if (this.#room <= 0 || this.#descriptor < 0) return;
    const bytes = typeof text === "string" ? Buffer.from(text) : text;
    this.#append(bytes.length > this.#room ? bytes.subarray(0, this.#room) : bytes);
    this.#room -= bytes.length;
    if (this.#room < 0) this.#append(Buffer.from(this.#mark));
  }

  close(): void {
    if (this.#descriptor >= 0) closeSync(this.#descriptor);
    this.#descriptor = -1;
  }

  #append(bytes: Uint8Array): void {
    try {
      for (let from = 0; from < bytes.length;) from += writeSync(this.#descriptor, bytes, from);
    } catch {
      this.#room = 0;
    }
  }
}

function openLog(path: string): number {
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
