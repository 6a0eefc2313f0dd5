// A file that is only appended to, on a disk that may lose what was not synced: whole, cut at any byte, or not at all.

import type { RandomStream } from "../random-stream.ts";

/** The bytes of one journal or side file. Text stands for bytes: journals are ASCII here. */
export class AppendFile {
  private content = "";
  private synced = 0;

  get length(): number {
    return this.content.length;
  }

  append(text: string): void {
    this.content += text;
  }

  /** Make durable what was appended up to `length`. */
  sync(length: number): void {
    this.synced = Math.max(this.synced, Math.min(length, this.content.length));
  }

  read(): string {
    return this.content;
  }

  /** The machine or process dies: keep what is synced and some of the rest. @returns how many bytes were lost. */
  crash(stream: RandomStream): number {
    const unsynced = this.content.length - this.synced;
    if (unsynced === 0) return 0;
    const kept = stream.pick([0, unsynced, stream.integer(0, unsynced)]);
    this.cut(this.synced + kept);
    return unsynced - kept;
  }

  /** Drop everything from `length` on, durably. */
  cut(length: number): void {
    this.content = this.content.slice(0, length);
    this.synced = this.content.length;
  }
}
