// One segment on its way to this disk: verified block by block while it is written under a temporary name, and renamed
// only when its content is what the coordinator accepted. Disk errors are this side's fault, all others the source's.

import { renameSync, writeFileSync } from "node:fs";
import { open, rename, rm, type FileHandle } from "node:fs/promises";
import { formatDuration, isFullDisk } from "@millrace/core";
import type { AttemptFailure, ComplaintReason, SegmentPlace } from "@millrace/core";
import { DataError, SegmentVerifier, type RunTools } from "@millrace/data";

/** How far a segment has come: `failed` and `local` as in the port. */
export type WriterState =
  | { readonly kind: "open" }
  | { readonly kind: "failed"; readonly reason: ComplaintReason; readonly message: string }
  | { readonly kind: "local"; readonly failure: AttemptFailure };

/** What a writer needs beside its place. */
export interface SegmentWriterOptions {
  readonly tools: RunTools;
  /** Time in which the disk must have done what it is asked for once. */
  readonly diskMs: number;
}

/** Bytes gathered before a write: a response comes in pieces of 64 KiB, a disk likes more. */
const stageBytes = 256 * 1024;

/** Take a segment's bytes in order; never throws. Memory: one block and one stage. */
export class SegmentWriter {
  readonly #path: string;
  readonly #verifier: SegmentVerifier;
  readonly #diskMs: number;
  #file: FileHandle | undefined;
  /** What the disk has not answered in its time. */
  #unanswered: Promise<void> | undefined;
  #stage: Buffer;
  #staged = 0;
  /** Bytes taken: where to go on after a cut. */
  bytes = 0;
  state: WriterState = { kind: "open" };

  /** @param path final path of the segment file. */
  constructor(path: string, place: SegmentPlace, { tools, diskMs }: SegmentWriterOptions) {
    this.#path = path;
    this.#diskMs = diskMs;
    this.#verifier = new SegmentVerifier(place, tools, {
      name: `segment of map task ${place.task}`,
      code: "E_SEGMENT",
      task: place.task,
    });
    this.#stage = Buffer.allocUnsafe(Math.min(stageBytes, place.rawBytes + 4096));
  }

  /** Take the next bytes; they are the caller's again when this resolves. */
  async push(bytes: Buffer): Promise<void> {
    if (this.state.kind !== "open") return;
    this.#attempt(() => this.#verifier.push(bytes));
    for (let at = 0; at < bytes.length && this.state.kind === "open";) {
      const part = Math.min(bytes.length - at, this.#stage.length - this.#staged);
      this.#stage.set(bytes.subarray(at, at + part), this.#staged);
      this.#staged += part;
      at += part;
      if (this.#staged === this.#stage.length) await this.#flush();
    }
    this.bytes += bytes.length;
  }

  /** All bytes came: verify the whole and give the file its name. */
  async finish(): Promise<void> {
    this.#attempt(() => this.#verifier.finish());
    if (this.#file === undefined) this.#finishSmall();
    else await this.#finishLarge();
    if (this.state.kind !== "open") await this.discard();
  }

  /** The source is at fault, or nobody wants the segment any more: only the first word counts. */
  fail(reason: ComplaintReason, message: string): void {
    if (this.state.kind === "open") this.state = { kind: "failed", reason, message };
  }

  /** Remove what was written. Never throws. A disk that does not answer removes it later, if ever. */
  async discard(): Promise<void> {
    const removed = this.#remove();
    if (this.#unanswered === undefined) await inTime(removed, this.#diskMs);
  }

  async #remove(): Promise<void> {
    await this.#unanswered?.catch(() => undefined);
    await this.#file?.close().catch(() => undefined);
    this.#file = undefined;
    await rm(this.#temporaryPath, { force: true }).catch(() => undefined);
  }

  get #temporaryPath(): string {
    return `${this.#path}.part`;
  }

  /**
   * Nothing is on disk yet: four calls here take a tenth of the time that they take by way of the thread pool. They have no
   * deadline: while the disk hangs, so does the thread.
   */
  #finishSmall(): void {
    this.#attempt(() => {
      writeFileSync(this.#temporaryPath, this.#stage.subarray(0, this.#staged), { mode: 0o600 });
      renameSync(this.#temporaryPath, this.#path);
    }, "disk");
  }

  async #finishLarge(): Promise<void> {
    await this.#flush();
    await this.#onDisk(async () => {
      await this.#file?.close();
      this.#file = undefined;
    });
    await this.#onDisk(() => rename(this.#temporaryPath, this.#path));
  }

  async #flush(): Promise<void> {
    const bytes = this.#stage.subarray(0, this.#staged);
    this.#staged = 0;
    await this.#onDisk(async () => {
      this.#file ??= await open(this.#temporaryPath, "w", 0o600);
      for (let done = 0; done < bytes.length;) done += (await this.#file.write(bytes, done)).bytesWritten;
    });
  }

  /** Do something that may throw: a check of the content, or work on this side's disk. */
  #attempt(act: () => void, what: "content" | "disk" = "content"): void {
    if (this.state.kind !== "open") return;
    try {
      act();
    } catch (thrown) {
      if (what === "disk") this.state = { kind: "local", failure: describeDiskError(thrown) };
      else this.fail(isCut(thrown) ? "cut" : "corrupt", thrown instanceof Error ? thrown.message : String(thrown));
    }
  }

  async #onDisk(act: () => Promise<void>): Promise<void> {
    if (this.state.kind !== "open") return;
    const work = act();
    try {
      if (await inTime(work, this.#diskMs)) return;
      this.#unanswered = work;
      throw new Error(`the disk has not answered for ${formatDuration(this.#diskMs)}`);
    } catch (thrown) {
      this.state = { kind: "local", failure: describeDiskError(thrown) };
    }
  }
}

/** Wait for the disk, for so long. @returns whether it has answered. */
async function inTime(work: Promise<void>, ms: number): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), ms);
  try {
    return await Promise.race([work.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}

function isCut(thrown: unknown): boolean {
  return thrown instanceof DataError && thrown.details["reason"] === "cut";
}

/** Say which of this worker's own troubles a disk error is. */
export function describeDiskError(thrown: unknown): AttemptFailure {
  const full = isFullDisk(thrown);
  const reason = full ? "the disk is full" : thrown instanceof Error ? thrown.message : String(thrown);
  const act = full ? "free disk space on this worker" : "check this worker's disk";
  return { code: full ? "E_NO_SPACE" : "E_WORK_DISK", message: `Cannot write a gathered segment: ${reason}; ${act}` };
}
