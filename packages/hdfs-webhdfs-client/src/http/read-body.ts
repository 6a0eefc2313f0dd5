// Bodies of answers: every byte that was announced, or an error. A short body is never taken for a whole one.
import type { IncomingMessage } from "node:http";
import type { Exchange } from "./exchange.ts";
import { quote } from "../errors/quote.ts";
import { ExchangeFailure, toExchangeFailure } from "./exchange-failure.ts";

/** The announced length of a body; undefined if it is chunked or ends with the connection. */
export function announcedBytes(response: IncomingMessage): number | undefined {
  const text = response.headers["content-length"];
  return text === undefined ? undefined : Number(text);
}

/** Events after which there is something new to find out about a body. */
const events = ["readable", "end", "close", "error"] as const;

/** A body that is being read: one set of listeners for all of it, and a timer only while there is nothing to read. */
class BodyReader {
  readonly #exchange: Exchange;
  readonly #response: IncomingMessage;
  readonly #announced: number | undefined;
  #received = 0;
  #wake: (() => void) | undefined;
  readonly #onChange = (): void => this.#wake?.();

  constructor(exchange: Exchange, response: IncomingMessage) {
    this.#exchange = exchange;
    this.#response = response;
    this.#announced = announcedBytes(response);
    for (const event of events) response.on(event, this.#onChange);
  }

  /** @returns undefined at the end */
  async next(): Promise<Uint8Array | undefined> {
    const response = this.#response;
    for (;;) {
      const chunk = response.read() as Uint8Array | null;
      if (chunk !== null) {
        this.#received += chunk.length;
        return chunk;
      }
      // What was received counts, also when the connection dropped right after it: a refusal of a write often ends so.
      if (response.readableEnded || (response.complete && this.#received === this.#announced)) return undefined;
      if (response.errored !== null) throw response.errored;
      if (response.destroyed) {
        throw new ExchangeFailure("body", "ECONNRESET", { message: "connection closed within the body" });
      }
      await this.#changed();
    }
  }

  /** @throws {ExchangeFailure} unless all that was announced has come */
  checkComplete(): void {
    if (this.#response.complete && (this.#announced === undefined || this.#received === this.#announced)) return;
    const message = `the body ended after ${this.#received} of ${this.#announced ?? "an unknown number of"} bytes`;
    throw new ExchangeFailure("body", "INCOMPLETE", { message });
  }

  async #changed(): Promise<void> {
    const { timer, tools } = this.#exchange;
    timer.arm(tools.idleTimeoutMs, () => {
      const message = `the body stopped for ${tools.idleTimeoutMs} ms`;
      this.#response.destroy(new ExchangeFailure("body", "TIMEOUT", { message }));
    });
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#wake = undefined;
    timer.disarm();
  }
}

/**
 * Read a body as chunks, which the caller owns. Ends only when the body is complete; leaving early drops the connection.
 * @throws {ExchangeFailure} of phase `body` when the body is cut, stops, or is not as long as announced
 */
export async function* bodyChunks(exchange: Exchange, response: IncomingMessage): AsyncGenerator<Uint8Array, void> {
  const reader = new BodyReader(exchange, response);
  let complete = false;
  try {
    checkPlain(response);
    for (;;) {
      const chunk = await reader.next();
      if (chunk === undefined) break;
      yield chunk;
    }
    reader.checkComplete();
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

/** The length that counts is the file's: bytes in a code that nobody asked for cannot be told from a short file. */
function checkPlain(response: IncomingMessage): void {
  const encoding = response.headers["content-encoding"];
  if (encoding === undefined || encoding.toLowerCase() === "identity") return;
  const message = `the body is encoded as ${quote(encoding)}, which was not asked for`;
  throw new ExchangeFailure("body", "ENCODED", { message });
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
