// Bodies of answers: every byte that was announced, or an error. A short body is never taken for a whole one.
import type { IncomingMessage } from "node:http";
import type { Exchange } from "./exchange.ts";
import { ExchangeFailure, toExchangeFailure } from "./exchange-failure.ts";

/** The announced length of a body; undefined if it is chunked or ends with the connection. */
export function announcedBytes(response: IncomingMessage): number | undefined {
  const text = response.headers["content-length"];
  return text === undefined ? undefined : Number(text);
}

/** What was received counts, also when the connection dropped right after it: a refusal of a write often ends so. */
async function nextChunk(
  exchange: Exchange,
  response: IncomingMessage,
  isWhole: () => boolean,
): Promise<Uint8Array | undefined> {
  const { idleTimeoutMs } = exchange.tools;
  exchange.timer.arm(idleTimeoutMs, () => {
    const message = `the body stopped for ${idleTimeoutMs} ms`;
    response.destroy(new ExchangeFailure("body", "TIMEOUT", { message }));
  });
  try {
    for (;;) {
      const chunk = response.read() as Uint8Array | null;
      if (chunk !== null) return chunk;
      if (response.readableEnded || isWhole()) return undefined;
      if (response.errored !== null) throw response.errored;
      if (response.destroyed) {
        throw new ExchangeFailure("body", "ECONNRESET", { message: "connection closed within the body" });
      }
      await changed(response);
    }
  } finally {
    exchange.timer.disarm();
  }
}

/** Resolves when there is something to read, or the body ended or failed. */
async function changed(response: IncomingMessage): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const events = ["readable", "end", "close", "error"] as const;
  const done = (): void => resolve();
  for (const event of events) response.on(event, done);
  await promise;
  for (const event of events) response.off(event, done);
}

/**
 * Read a body as chunks, which the caller owns. Ends only when the body is complete; leaving early drops the connection.
 * @throws {ExchangeFailure} of phase `body` when the body is cut, stops, or is not as long as announced
 */
export async function* bodyChunks(exchange: Exchange, response: IncomingMessage): AsyncGenerator<Uint8Array, void> {
  const announced = announcedBytes(response);
  let received = 0;
  let complete = false;
  const isWhole = (): boolean => response.complete && received === announced;
  try {
    for (;;) {
      const chunk = await nextChunk(exchange, response, isWhole);
      if (chunk === undefined) break;
      received += chunk.length;
      yield chunk;
    }
    if (!response.complete || (announced !== undefined && received !== announced)) {
      const message = `the body ended after ${received} of ${announced ?? "an unknown number of"} bytes`;
      throw new ExchangeFailure("body", "INCOMPLETE", { message });
    }
    complete = true;
    exchange.release();
  } catch (error) {
    if (exchange.signal?.aborted === true) throw exchange.signal.reason;
    throw toExchangeFailure(error, "body");
  } finally {
    if (!complete) {
      response.destroy();
      exchange.destroy();
    }
  }
}

/** Read a whole body as UTF-8 text. @returns undefined if it has more than `bytesMax` bytes. */
export async function bodyText(
  exchange: Exchange,
  response: IncomingMessage,
  bytesMax: number,
): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of bodyChunks(exchange, response)) {
    bytes += chunk.length;
    if (bytes > bytesMax) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
