// One request for several segments of one job from one source: asks, reads the answer to the writers, and says what is
// left over when the connection ends early. Ends by its own deadlines. What the link gave is told as the answer ends.

import { request as httpRequest, type Agent, type ClientRequest, type IncomingMessage } from "node:http";
import { codingHeader } from "../coding/packed-block.ts";
import { segmentMac } from "../segment-mac.ts";
import { printSegmentOrders, segmentsPath } from "../segment-request.ts";
import type { ShuffleLimits } from "../shuffle-limits.ts";
import type { FetchItem } from "./fetch-item.ts";
import { readAnswer, type AnswerSurroundings, type BatchFault } from "./read-answer.ts";

/** Where to ask, and in which coding: with a codec, for packed answers. */
export interface BatchSource extends AnswerSurroundings {
  readonly host: string;
  readonly port: number;
  readonly agent: Agent;
}

/**
 * Fetch. Items whose bytes all came are settled; the others are left as far as they have come.
 * @param signal aborted when nobody waits for any item any more.
 * @returns undefined when the response was whole.
 */
export async function fetchBatch(
  source: BatchSource,
  items: readonly FetchItem[],
  signal: AbortSignal,
): Promise<BatchFault | undefined> {
  let request: ClientRequest | undefined;
  // Not as an option of the request: the agent would bind its kept-alive socket to this signal for ever. And without an
  // error: a socket that is just being given back has nobody who listens to one.
  const onAbort = (): void => void request?.destroy();
  try {
    request = ask(source, items);
    signal.addEventListener("abort", onAbort, { once: true });
    if (signal.aborted) onAbort();
    const response = await responseOf(request, source.limits);
    if (response.statusCode !== 200) {
      response.destroy();
      return describeStatus(response.statusCode ?? 0);
    }
    return await readAnswer(response, items, source);
  } catch (thrown) {
    const concerns = request?.reusedSocket === true ? "connection" : "source";
    return { reason: "unreachable", message: thrown instanceof Error ? thrown.message : String(thrown), concerns };
  } finally {
    signal.removeEventListener("abort", onAbort);
    // A whole response has given its socket back to the agent by now, and this does nothing.
    request?.destroy();
  }
}

function ask(source: BatchSource, items: readonly FetchItem[]): ClientRequest {
  const [first] = items;
  if (first === undefined) throw new Error("A request for no segments");
  const body = printSegmentOrders(
    items.map(({ request, writer }) => ({
      source: request.source,
      partition: request.partition,
      offset: writer.bytes,
      mac: segmentMac(request.shuffleKey, request.source, request.partition),
    })),
  );
  const request = httpRequest({
    host: source.host,
    port: source.port,
    agent: source.agent,
    method: "POST",
    path: segmentsPath(first.request.source.job),
    headers: {
      "content-type": "text/plain",
      "content-length": Buffer.byteLength(body),
      ...(source.codec === undefined ? {} : { [codingHeader]: source.codec.name }),
    },
  });
  request.end(body);
  return request;
}

/** Wait for the head of the answer: connecting has a deadline of its own. */
function responseOf(request: ClientRequest, limits: ShuffleLimits): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let timer = setTimeout(
      () => request.destroy(new Error("The source does not take the connection")),
      limits.connectTimeoutMs,
    );
    const answered = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => request.destroy(new Error("The source does not answer")), limits.progressMs);
    };
    request.on("socket", (socket) => (socket.connecting ? socket.once("connect", answered) : answered()));
    request.once("response", (response) => {
      clearTimeout(timer);
      resolve(response);
    });
    // Stays for the life of the request: an error after the response must have a listener.
    request.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
}

function describeStatus(status: number): BatchFault {
  // The source does not know the job (403), or its file became shorter than what came already (416): it is not there.
  if (status === 403 || status === 416)
    return { reason: "missing", message: `The source answers ${status}`, concerns: "source" };
  return { reason: "unreachable", message: `The source answers ${status}`, concerns: "source" };
}
