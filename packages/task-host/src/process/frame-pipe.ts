// Messages over a pipe: a 32-bit length, least significant byte first, and that many bytes of JSON. Bounded; a stream
// that does not keep to it is broken for good. Standard output is not used: user code prints there.

import type { Socket } from "node:net";
import { hostLimits } from "../host-limits.ts";

const headBytes = 4;

/** Send and receive messages on two streams. */
export interface FramePipe<Out> {
  send(message: Out): void;
  /** Close the sending side. */
  close(): void;
}

/** What a pipe tells. After `onClosed` nothing else is called. */
export interface FramePipeEvents<In> {
  onMessage(message: In): void;
  /** The other side closed, or what it sent is no sequence of frames. */
  onClosed(reason: string): void;
}

/** Wrap two streams. They may be one. */
export function createFramePipe<In, Out>(
  streams: { readonly from: Socket; readonly to: Socket },
  events: FramePipeEvents<In>,
): FramePipe<Out> {
  const { from, to } = streams;
  let closed = false;
  const close = (reason: string): void => {
    if (closed) return;
    closed = true;
    events.onClosed(reason);
  };
  const messages: In[] = [];
  const split = createFrameSplitter((body) => {
    messages.push(JSON.parse(body) as In);
  });
  from.on("data", (chunk: Buffer) => {
    if (closed) return;
    let broken: string | undefined;
    try {
      split(chunk);
    } catch (thrown) {
      broken = `broken frame: ${(thrown as Error).message}`;
    }
    // Outside of the try: a bug of whoever hears a message is no fault of the frame, and must not look like one.
    for (const message of messages.splice(0)) if (!closed) events.onMessage(message);
    if (broken === undefined) return;
    close(broken);
    from.destroy();
  });
  from.on("close", () => {
    close("the other side closed");
  });
  from.on("error", (error) => {
    close(error.message);
  });
  // A write after the other side has gone is no news: the reading side tells.
  to.on("error", () => undefined);
  return {
    send: (message) => {
      to.write(encodeFrame(message));
    },
    close: () => {
      to.end();
    },
  };
}

/** @throws {RangeError} when the message is larger than `hostLimits.frameBytesMax`. */
export function encodeFrame(message: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(message));
  if (body.length > hostLimits.frameBytesMax) throw new RangeError(`frame of ${body.length} bytes`);
  const head = Buffer.allocUnsafe(headBytes);
  head.writeUInt32LE(body.length);
  return Buffer.concat([head, body]);
}

/** Cut a stream of chunks into frames. @returns what takes the chunks; it throws {RangeError} for an oversized frame. */
export function createFrameSplitter(onFrame: (body: string) => void): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let length = 0;
  return (chunk) => {
    parts.push(chunk);
    length += chunk.length;
    // Joined only when a frame is whole: a frame of 20 MB in 64 KiB chunks would be copied 300 times otherwise.
    while (length >= headBytes) {
      if ((parts[0]?.length ?? 0) < headBytes) parts = [Buffer.concat(parts)];
      const bodyBytes = parts[0]?.readUInt32LE(0) ?? 0;
      if (bodyBytes > hostLimits.frameBytesMax) throw new RangeError(`${bodyBytes} bytes`);
      if (length < headBytes + bodyBytes) return;
      const joined = parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
      const rest = joined.subarray(headBytes + bodyBytes);
      parts = rest.length > 0 ? [rest] : [];
      length = rest.length;
      onFrame(joined.toString("utf8", headBytes, headBytes + bodyBytes));
    }
  };
}
