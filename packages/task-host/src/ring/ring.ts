// A bounded byte channel between the I/O thread, which never blocks, and the compute thread, which waits in
// Atomics.wait: chunks in shared memory, one producer, one consumer, an end and an error, a close by the consumer. The memory is two
// SharedArrayBuffers that travel in a message; each side wraps them with its own class.

import { MillraceError, errorTable } from "@millrace/core";
import type { ErrorCode } from "@millrace/core";
import { hostLimits } from "../host-limits.ts";

/** The memory of a ring, to be posted to the other thread. */
export interface RingMemory {
  readonly control: SharedArrayBuffer;
  readonly data: SharedArrayBuffer;
  readonly chunkBytes: number;
  readonly chunkCount: number;
}

// Places in the control words. Counters wrap at 2^32; only their difference counts.
const producedAt = 0;
const consumedAt = 1;
const closedAt = 2;
const lengthsAt = 3;

// What a chunk is stands in its length word: bytes of data, or the end, or (below it) an error of so many bytes. So the
// end moves the same counter as data, and nobody who waits on the counter can miss it.
const endMark = -1;
const failureMark = -2;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Make the memory of a ring. `chunkBytes` is at least 8 KiB, so that an error of 1,024 escaped characters fits one chunk. */
export function createRing(options: { readonly chunkBytes?: number; readonly chunkCount?: number } = {}): RingMemory {
  const chunkBytes = options.chunkBytes ?? hostLimits.ringChunkBytes;
  const chunkCount = options.chunkCount ?? hostLimits.ringChunkCount;
  return {
    control: new SharedArrayBuffer((lengthsAt + chunkCount) * 4),
    data: new SharedArrayBuffer(chunkBytes * chunkCount),
    chunkBytes,
    chunkCount,
  };
}

/** End a ring whose other side is gone, so that nobody waits on it for ever. */
export function abandonRing(memory: RingMemory): void {
  const words = new Int32Array(memory.control);
  Atomics.store(words, closedAt, 1);
  Atomics.add(words, consumedAt, 1);
  Atomics.notify(words, consumedAt);
  Atomics.notify(words, producedAt);
}

/** What both sides of a ring know. */
class RingSide {
  protected readonly words: Int32Array;
  protected readonly bytes: Uint8Array;
  protected readonly memory: RingMemory;

  constructor(memory: RingMemory) {
    this.memory = memory;
    this.words = new Int32Array(memory.control);
    this.bytes = new Uint8Array(memory.data);
  }

  protected get filled(): number {
    return (Atomics.load(this.words, producedAt) - Atomics.load(this.words, consumedAt)) | 0;
  }

  /** Whether the consumer wants no more, or one side is gone. */
  get closed(): boolean {
    return Atomics.load(this.words, closedAt) !== 0;
  }

  protected wake(at: number): void {
    Atomics.notify(this.words, at);
  }
}

/** What both producers do: fill chunks, end, fail. */
class RingProducer extends RingSide {
  protected get full(): boolean {
    return this.filled >= this.memory.chunkCount;
  }

  /** Copy into the next chunk, for which there is room. @returns bytes taken. */
  protected put(bytes: Uint8Array, from: number): number {
    const count = Math.min(this.memory.chunkBytes, bytes.length - from);
    this.#publish(bytes.subarray(from, from + count), count);
    return count;
  }

  protected putEnd(): void {
    this.#publish(new Uint8Array(), endMark);
  }

  protected putFailure(failure: MillraceError): void {
    const bytes = encoder.encode(JSON.stringify({ code: failure.code, message: failure.message.slice(0, 1_024) }));
    this.#publish(bytes.subarray(0, this.memory.chunkBytes), failureMark - bytes.length);
  }

  #publish(bytes: Uint8Array, word: number): void {
    const { chunkBytes, chunkCount } = this.memory;
    const chunk = (Atomics.load(this.words, producedAt) >>> 0) % chunkCount;
    this.bytes.set(bytes, chunk * chunkBytes);
    this.words[lengthsAt + chunk] = word;
    Atomics.add(this.words, producedAt, 1);
    this.wake(producedAt);
  }
}

/** What both consumers do: look at the next chunk, release it, say that no more is wanted. */
class RingConsumer extends RingSide {
  #taken = false;

  /** Want no more: the producer's next step sees it. */
  close(): void {
    Atomics.store(this.words, closedAt, 1);
    // The counter is of no use any more; moving it means that a producer about to wait on it does not.
    Atomics.add(this.words, consumedAt, 1);
    this.wake(consumedAt);
  }

  /** Give the chunk handed out before back to the producer. */
  protected release(): void {
    if (!this.#taken) return;
    this.#taken = false;
    Atomics.add(this.words, consumedAt, 1);
    this.wake(consumedAt);
  }

  /** @returns a view of the next chunk, "wait" when there is none yet, undefined at the end. @throws what the producer failed with. */
  protected take(): Uint8Array | "wait" | undefined {
    if (this.filled <= 0) return "wait";
    const { chunkBytes, chunkCount } = this.memory;
    const chunk = (Atomics.load(this.words, consumedAt) >>> 0) % chunkCount;
    const word = this.words[lengthsAt + chunk] ?? endMark;
    const start = chunk * chunkBytes;
    if (word === endMark) return undefined;
    if (word <= failureMark) throw readFailure(this.bytes.slice(start, start + failureMark - word));
    this.#taken = true;
    return this.bytes.subarray(start, start + word);
  }
}

function abandoned(): MillraceError {
  return new MillraceError("E_KILLED", "Cannot go on with a file: the attempt that wrote it is gone; nothing to do");
}

function readFailure(bytes: Uint8Array): MillraceError {
  const { code, message } = JSON.parse(decoder.decode(bytes)) as { code: string; message: string };
  return new MillraceError(Object.hasOwn(errorTable, code) ? (code as ErrorCode) : "E_INTERNAL", message);
}

/** Produce on the I/O thread. */
export class AsyncRingWriter extends RingProducer {
  /** Copy all of `bytes` into the ring, waiting for room. @returns false when the consumer wants no more. */
  async write(bytes: Uint8Array): Promise<boolean> {
    for (let from = 0; from < bytes.length;) {
      await this.#room();
      if (this.closed) return false;
      from += this.put(bytes, from);
    }
    return !this.closed;
  }

  /** Wait until the consumer has given back all chunks and asks for more, or closes. */
  async drained(): Promise<void> {
    await this.#until(() => this.filled <= 0);
  }

  async end(): Promise<void> {
    await this.#room();
    if (!this.closed) this.putEnd();
  }

  /** End with an error, which the consumer throws after the chunks before it. */
  async fail(failure: MillraceError): Promise<void> {
    await this.#room();
    if (!this.closed) this.putFailure(failure);
  }

  async #room(): Promise<void> {
    await this.#until(() => !this.full);
  }

  async #until(reached: () => boolean): Promise<void> {
    while (!reached() && !this.closed) {
      const consumed = Atomics.load(this.words, consumedAt);
      if (reached()) return;
      await waitForChange(this.words, consumedAt, consumed);
    }
  }
}

/** Consume on the I/O thread. */
export class AsyncRingReader extends RingConsumer {
  /** @returns the next chunk, valid until the next call, or undefined at the end. @throws {MillraceError} E_KILLED when the ring was abandoned. */
  async next(): Promise<Uint8Array | undefined> {
    this.release();
    for (;;) {
      if (this.closed) throw abandoned();
      const produced = Atomics.load(this.words, producedAt);
      const taken = this.take();
      if (taken !== "wait") return taken;
      await waitForChange(this.words, producedAt, produced);
    }
  }
}

/** Consume in the compute thread: blocks it. */
export class SyncRingReader extends RingConsumer {
  /** @returns the next chunk, valid until the next call, or undefined at the end. @throws {MillraceError} what the producer failed with. */
  next(): Uint8Array | undefined {
    this.release();
    const deadline = performance.now() + hostLimits.ringWaitMs;
    for (;;) {
      const produced = Atomics.load(this.words, producedAt);
      const taken = this.take();
      if (taken !== "wait") return taken;
      block(this.words, producedAt, produced, deadline);
    }
  }
}

/** Produce in the compute thread: blocks it. */
export class SyncRingWriter extends RingProducer {
  /** Copy all of `bytes` into the ring. @returns false when the consumer wants no more. */
  write(bytes: Uint8Array): boolean {
    for (let from = 0; from < bytes.length;) {
      this.#room();
      if (this.closed) return false;
      from += this.put(bytes, from);
    }
    return !this.closed;
  }

  end(): void {
    this.#room();
    if (!this.closed) this.putEnd();
  }

  fail(failure: MillraceError): void {
    this.#room();
    if (!this.closed) this.putFailure(failure);
  }

  #room(): void {
    const deadline = performance.now() + hostLimits.ringWaitMs;
    while (this.full && !this.closed) {
      const consumed = Atomics.load(this.words, consumedAt);
      if (!this.full) return;
      block(this.words, consumedAt, consumed, deadline);
    }
  }
}

// Whatever ends a wait moves the counter that is waited on; the look at the clock is for the deadline alone.
const recheckMs = 1_000;

async function waitForChange(words: Int32Array, at: number, seen: number): Promise<void> {
  const wait = Atomics.waitAsync(words, at, seen, recheckMs);
  if (wait.async) await wait.value;
}

function block(words: Int32Array, at: number, seen: number, deadline: number): void {
  if (performance.now() > deadline) {
    throw new MillraceError(
      "E_STORAGE",
      `Cannot wait longer for storage: no bytes moved, ${hostLimits.ringWaitMs} ms; check the storage`,
    );
  }
  Atomics.wait(words, at, seen, recheckMs);
}
