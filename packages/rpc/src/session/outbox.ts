// Messages that wait for a stream to take them, bounded by bytes: a peer that does not read must not fill memory,
// so its session ends, and what it missed it learns when it registers again. What is known beforehand to be much waits
// unmade, and is made as the stream takes it.

import type { Writable } from "node:stream";

/** The most that may wait: some hundred times the largest message, seconds of a slow network. */
export const outboxBytesMax = 64 * 1024 * 1024;
/** What packets count that are not made yet: their maker and what it refers to, whatever they will be. */
const unmadeBytes = 1024;

/** Sends in order, as fast as the stream takes. */
export interface Outbox {
  /** @returns false when the bound is passed; the packets are dropped then, and the session must end. */
  send(packets: readonly Buffer[]): boolean;
  /**
   * Send packets that are made in their turn, a few at a time: no more of them than the stream takes.
   * @param made is asked on from `drain` events too, where nobody would catch what it throws.
   * @returns false as {@link send} does.
   */
  sendEach(made: Iterable<readonly Buffer[]>): boolean;
}

/** Make the outbox of a stream. */
export function createOutbox(stream: Pick<Writable, "write" | "once">, bytesMax = outboxBytesMax): Outbox {
  const waiting: (Buffer | Iterator<readonly Buffer[]>)[] = [];
  let waitingBytes = 0;
  let blocked = false;
  const next = (): Buffer | undefined => {
    for (;;) {
      const first = waiting[0];
      if (first === undefined) return undefined;
      const made = Buffer.isBuffer(first) ? undefined : first.next();
      if (made?.done === false) {
        // They go next, so that no more than these are ever beyond the bound.
        waiting.unshift(...made.value);
        waitingBytes += bytesOf(made.value);
        continue;
      }
      waiting.shift();
      waitingBytes -= Buffer.isBuffer(first) ? first.length : unmadeBytes;
      if (Buffer.isBuffer(first)) return first;
    }
  };
  const pump = (): void => {
    while (!blocked) {
      const packet = next();
      if (packet === undefined) return;
      blocked = !stream.write(packet);
      if (blocked) {
        stream.once("drain", () => {
          blocked = false;
          pump();
        });
      }
    }
  };
  const add = (entries: readonly (Buffer | Iterator<readonly Buffer[]>)[], bytes: number): boolean => {
    if (waitingBytes + bytes > bytesMax) return false;
    waiting.push(...entries);
    waitingBytes += bytes;
    pump();
    return true;
  };
  return {
    send: (packets) => add(packets, bytesOf(packets)),
    sendEach: (made) => add([made[Symbol.iterator]()], unmadeBytes),
  };
}

function bytesOf(packets: readonly Buffer[]): number {
  return packets.reduce((sum, packet) => sum + packet.length, 0);
}
