// Messages that wait for a stream to take them, bounded by bytes: a peer that does not read must not fill memory,
// so its session ends, and what it missed it learns when it registers again.

import type { Writable } from "node:stream";

/** The most that may wait: some hundred times the largest message, seconds of a slow network. */
export const outboxBytesMax = 64 * 1024 * 1024;

/** Sends in order, as fast as the stream takes. */
export interface Outbox {
  /** @returns false when the bound is passed; the packets are dropped then, and the session must end. */
  send(packets: readonly Buffer[]): boolean;
}

/** Make the outbox of a stream. */
export function createOutbox(stream: Pick<Writable, "write" | "once">, bytesMax = outboxBytesMax): Outbox {
  const waiting: Buffer[] = [];
  let waitingBytes = 0;
  let blocked = false;
  const pump = (): void => {
    while (!blocked) {
      const packet = waiting.shift();
      if (packet === undefined) return;
      waitingBytes -= packet.length;
      blocked = !stream.write(packet);
      if (blocked) {
        stream.once("drain", () => {
          blocked = false;
          pump();
        });
      }
    }
  };
  return {
    send(packets) {
      const bytes = packets.reduce((sum, packet) => sum + packet.length, 0);
      if (waitingBytes + bytes > bytesMax) return false;
      waiting.push(...packets);
      waitingBytes += bytes;
      pump();
      return true;
    },
  };
}
