// JobService: each method decodes, asks the backend, encodes. Nothing is decided here.

import type {
  ServerReadableStream,
  ServerUnaryCall,
  ServerWritableStream,
  UntypedServiceImplementation,
  sendUnaryData,
} from "@grpc/grpc-js";
import { MillraceError, isMillraceError, limits } from "@millrace/core";
import type { MessageCodec } from "@millrace/wire";
import { chunkBytesSent, clientCalls, decodeMessage, encodeMessage, jobEventOf, jobView } from "@millrace/wire";
import { statusOf } from "../error-status.ts";
import { streamOut } from "../server/stream-out.ts";
import { boundReply } from "./bound-reply.ts";
import type { JobBackend } from "./job-backend.ts";
import { receiveSubmission } from "./receive-submission.ts";

/** Submissions that are received at a time: each may hold a bundle of 64 MiB, and side files. */
const submissionsMax = 8;
/** Bytes of all of them: eight bundles, or one submission with all the side files that it may have and some without. */
const receivingBytesMax = 512 * 1024 * 1024;
/** Least time between two messages of a watch. */
const watchIntervalMsMin = 50;

/** Make the handlers of JobService. `onFault` hears of bugs; clients get E_INTERNAL without their text. */
export function createJobService(
  backend: JobBackend,
  onFault: (thrown: unknown) => void,
): UntypedServiceImplementation {
  const unary = unaryMaker(onFault);
  const listReply = boundReply("List", "jobs", clientCalls.listReply);
  const tasksReply = boundReply("Tasks", "tasks", clientCalls.tasksReply);
  return {
    Submit: submitHandler(backend, onFault),
    Get: unary(clientCalls.jobRequest, jobView, async ({ job }) => backend.get(job)),
    List: unary(clientCalls.listRequest, listReply, async (page) => backend.list(pageOf(page))),
    Kill: unary(clientCalls.killRequest, clientCalls.jobRequest, async ({ job, reason }) => {
      await backend.kill(job, reason);
      return { job };
    }),
    Counters: unary(clientCalls.jobRequest, clientCalls.countersReply, async ({ job }) => {
      const { counters } = await backend.get(job);
      return { counters };
    }),
    Tasks: unary(clientCalls.tasksRequest, tasksReply, async ({ job, state, ...page }) =>
      backend.tasks(job, { ...pageOf(page), ...(state === "any" ? {} : { state }) }),
    ),
    Workers: (_call: unknown, callback: sendUnaryData<object>) => {
      const reply = async (): Promise<object> =>
        encodeMessage(clientCalls.workersReply, { workers: backend.workers() }, "WorkersReply");
      void callBack(reply(), callback, onFault);
    },
    Watch: (call: ServerWritableStream<object, object>) => {
      void streamOut(call, (signal) => watched(backend, call.request, signal), onFault);
    },
    Events: (call: ServerWritableStream<object, object>) => {
      void streamOut(call, (signal) => eventsOf(backend, call.request, signal), onFault);
    },
    Logs: (call: ServerWritableStream<object, object>) => {
      void streamOut(call, (signal) => logOf(backend, call.request, signal), onFault);
    },
  };
}

type UnaryHandler = (call: ServerUnaryCall<object, object>, callback: sendUnaryData<object>) => void;

/** Call back with what a promise gives, or with the status of what it throws. */
async function callBack(
  answer: Promise<object>,
  callback: sendUnaryData<object>,
  onFault: (thrown: unknown) => void,
): Promise<void> {
  let message: object;
  try {
    message = await answer;
  } catch (thrown) {
    if (!isMillraceError(thrown)) onFault(thrown);
    callback(statusOf(thrown));
    return;
  }
  callback(null, message);
}

function unaryMaker(onFault: (thrown: unknown) => void) {
  return <Request, Reply>(
    request: MessageCodec<Request>,
    reply: MessageCodec<Reply>,
    answer: (request: Request) => Promise<Reply>,
  ): UnaryHandler =>
    (call, callback) => {
      const run = async (): Promise<object> =>
        encodeMessage(reply, await answer(decodeMessage(request, call.request, "request")), "reply");
      void callBack(run(), callback, onFault);
    };
}

function submitHandler(backend: JobBackend, onFault: (thrown: unknown) => void) {
  let receiving = 0;
  let receivingBytes = 0;
  const submit = async (call: ServerReadableStream<object, object>): Promise<object> => {
    if (receiving >= submissionsMax) {
      const text = `Cannot submit: ${receiving} submissions are being received; try again in a moment`;
      throw new MillraceError("E_BUSY", text);
    }
    receiving += 1;
    let reserved = 0;
    const reserve = (bytes: number): void => {
      if (receivingBytes + bytes > receivingBytesMax) {
        const text = `Cannot submit: ${receivingBytes} bytes of other submissions are being received; try again in a moment`;
        throw new MillraceError("E_BUSY", text);
      }
      reserved = bytes;
      receivingBytes += bytes;
    };
    try {
      const { spec, payload, idempotencyKey } = await receiveSubmission(call, { reserve });
      return encodeMessage(clientCalls.submitReply, await backend.submit(spec, payload, idempotencyKey), "SubmitReply");
    } finally {
      receiving -= 1;
      receivingBytes -= reserved;
    }
  };
  return (call: ServerReadableStream<object, object>, callback: sendUnaryData<object>): void => {
    void callBack(submit(call), callback, onFault);
  };
}

function pageOf({ offset, limit }: clientCalls.PageRequest): clientCalls.PageRequest {
  return { offset, limit: limit === 0 ? limits.pageRowsMax : limit };
}

async function* watched(backend: JobBackend, raw: object, signal: AbortSignal): AsyncGenerator<object> {
  const { job, intervalMs } = decodeMessage(clientCalls.watchRequest, raw, "WatchRequest");
  for await (const view of backend.watch(job, Math.max(watchIntervalMsMin, intervalMs), signal)) {
    yield encodeMessage(jobView, view, "Job");
  }
}

async function* eventsOf(backend: JobBackend, raw: object, signal: AbortSignal): AsyncGenerator<object> {
  const { job, from, follow } = decodeMessage(clientCalls.eventsRequest, raw, "EventsRequest");
  for await (const batch of backend.events(job, { from, follow, signal })) {
    for (const { index, record } of batch)
      yield encodeMessage(clientCalls.jobEvent, jobEventOf(index, record), "Event");
  }
}

async function* logOf(backend: JobBackend, raw: object, signal: AbortSignal): AsyncGenerator<object> {
  const { job, attempt } = decodeMessage(clientCalls.logsRequest, raw, "LogsRequest");
  for await (const bytes of backend.log(job, attempt, signal)) {
    for (let at = 0; at < bytes.length; at += chunkBytesSent) yield { data: bytes.subarray(at, at + chunkBytesSent) };
  }
}
