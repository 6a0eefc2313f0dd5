// The client of JobService: what the command line asks, over gRPC. Every call has a deadline.

import type { ClientReadableStream } from "@grpc/grpc-js";
import { MillraceError, limits } from "@millrace/core";
import type { JobId, JobSpec, JobSummaryView, JobView, TaskView, WorkerView } from "@millrace/core";
import type { JobEvent, MessageCodec } from "@millrace/wire";
import { chunkBytesSent, clientCalls, decodeMessage, encodeMessage, jobView } from "@millrace/wire";
import { methodOf } from "../protocol.ts";
import type { ClientOptions, OpenClient } from "./open-client.ts";
import { openClient } from "./open-client.ts";

/** Asks a coordinator. Failures are MillraceErrors; E_UNREACHABLE when none answers. */
export interface RemoteJobClient {
  /** @param payload the bundle, then each side file: see `payloadParts`. */
  submit(
    spec: JobSpec,
    payload: Uint8Array,
    idempotencyKey?: string,
  ): Promise<{ readonly job: JobId; readonly again: boolean }>;
  get(job: string): Promise<JobView>;
  /** All jobs, newest first. */
  list(): Promise<readonly JobSummaryView[]>;
  /**
   * Call `onChange` with each state, and end with the job. Connects again while the coordinator is away, for up to
   * {@link awayMsMax}. Rejects with the signal's reason when it aborts.
   */
  watch(job: string, onChange: (view: JobView) => void, signal: AbortSignal): Promise<JobView>;
  kill(job: string, reason: string): Promise<void>;
  counters(job: string): Promise<Readonly<Record<string, number>>>;
  /** All events so far, from an index on. */
  events(job: string, from?: number): Promise<readonly JobEvent[]>;
  /** All tasks in order, or those of one state. */
  tasks(job: string, state?: TaskView["state"]): Promise<readonly TaskView[]>;
  /** What user code of an attempt printed. The caller owns the bytes. */
  log(job: string, attempt: string): Promise<Uint8Array>;
  workers(): Promise<readonly WorkerView[]>;
  close(): void;
}

const unaryMs = 10_000;
/** Planning of a large input. */
const submitMs = 60_000;
/** 10 Mbit/s: a bundle of 64 MiB takes a minute. */
const submitBytesPerMs = 1_250;
const streamMs = 60_000;
const watchIntervalMs = 200;
/** A coordinator restarts in seconds; one that is away for a minute is not coming back by itself. */
export const awayMsMax = 60_000;
const awayPauseMs = 200;

/** Open a client. */
export function createJobClient(options: ClientOptions): RemoteJobClient {
  const open = openClient(options);
  const ask = askOf(open);
  return {
    submit: async (spec, payload, idempotencyKey = "") => submit(open, { spec, idempotencyKey }, payload),
    get: async (job) => ask("Get", [clientCalls.jobRequest, jobView], { job: job as JobId }),
    list: async () =>
      allPages(async (page) => {
        const { jobs, total } = await ask("List", [clientCalls.listRequest, clientCalls.listReply], page);
        return { rows: jobs, total };
      }),
    watch: async (job, onChange, signal) => watch(open, job as JobId, onChange, signal),
    kill: async (job, reason) => {
      await ask("Kill", [clientCalls.killRequest, clientCalls.jobRequest], { job: job as JobId, reason });
    },
    counters: async (job) => {
      const { counters } = await ask("Counters", [clientCalls.jobRequest, clientCalls.countersReply], {
        job: job as JobId,
      });
      return counters;
    },
    events: async (job, from = 0) => {
      const request = encodeMessage(
        clientCalls.eventsRequest,
        { job: job as JobId, from, follow: false },
        "EventsRequest",
      );
      const events: JobEvent[] = [];
      for await (const raw of streamIn(open, "Events", request, AbortSignal.timeout(streamMs))) {
        events.push(decodeMessage(clientCalls.jobEvent, raw, "Event"));
      }
      return events;
    },
    tasks: async (job, state) =>
      allPages(async (page) => {
        const request = { job: job as JobId, state: state ?? ("any" as const), ...page };
        const { tasks, total } = await ask("Tasks", [clientCalls.tasksRequest, clientCalls.tasksReply], request);
        return { rows: tasks, total };
      }),
    log: async (job, attempt) => {
      const request = encodeMessage(clientCalls.logsRequest, { job: job as JobId, attempt }, "LogsRequest");
      const chunks: Uint8Array[] = [];
      for await (const raw of streamIn(open, "Logs", request, AbortSignal.timeout(streamMs))) {
        chunks.push(decodeMessage(clientCalls.chunk, raw, "LogChunk").data);
      }
      return Buffer.concat(chunks);
    },
    workers: async () => {
      const reply = await open.unary("JobService", "Workers", {}, unaryMs);
      return decodeMessage(clientCalls.workersReply, reply, "WorkersReply").workers;
    },
    close: () => open.close(),
  };
}

function askOf(open: OpenClient) {
  return async <Request, Reply>(
    name: string,
    [request, reply]: readonly [MessageCodec<Request>, MessageCodec<Reply>],
    value: Request,
  ): Promise<Reply> =>
    decodeMessage(reply, await open.unary("JobService", name, encodeMessage(request, value, name), unaryMs), name);
}

async function allPages<Row>(
  ask: (page: {
    readonly offset: number;
    readonly limit: number;
  }) => Promise<{ readonly rows: readonly Row[]; readonly total: number }>,
): Promise<readonly Row[]> {
  const all: Row[] = [];
  for (;;) {
    const { rows, total } = await ask({ offset: all.length, limit: limits.pageRowsMax });
    all.push(...rows);
    if (rows.length === 0 || all.length >= total) return all;
  }
}

async function submit(
  open: OpenClient,
  header: clientCalls.SubmitHeader,
  payload: Uint8Array,
): Promise<{ readonly job: JobId; readonly again: boolean }> {
  const first = encodeMessage(clientCalls.submitHeader, header, "SubmitHeader");
  const { path, requestSerialize, responseDeserialize } = methodOf("JobService", "Submit");
  const reply = await new Promise<object>((resolve, reject) => {
    const deadline = Date.now() + submitMs + payload.length / submitBytesPerMs;
    const call = open.client.makeClientStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      open.metadata(),
      { deadline },
      (error, answer) => {
        if (error === null && answer !== undefined) resolve(answer);
        else reject(open.errorOf(error));
      },
    );
    let at = 0;
    const push = (): void => {
      while (at < payload.length) {
        const data = payload.subarray(at, at + chunkBytesSent);
        at += chunkBytesSent;
        if (!call.write({ chunk: data })) {
          call.once("drain", push);
          return;
        }
      }
      call.end();
    };
    // The answer, or an error, comes through the callback; a write after an early refusal is no news.
    call.on("error", () => undefined);
    call.write({ header: first });
    push();
  });
  return decodeMessage(clientCalls.submitReply, reply, "SubmitReply");
}

async function* streamIn(
  open: OpenClient,
  name: string,
  request: object,
  signal: AbortSignal,
): AsyncGenerator<object, void, undefined> {
  signal.throwIfAborted();
  const { path, requestSerialize, responseDeserialize } = methodOf("JobService", name);
  const options = name === "Logs" ? { deadline: Date.now() + streamMs } : {};
  const call: ClientReadableStream<object> = open.client.makeServerStreamRequest(
    path,
    requestSerialize,
    responseDeserialize,
    request,
    open.metadata(),
    options,
  );
  // An error after the loop, such as that of the cancelling below, is no news; with nobody to hear it, it ends the process.
  call.on("error", () => undefined);
  const cancel = (): void => call.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  try {
    for await (const message of call) yield message as object;
  } catch (thrown) {
    signal.throwIfAborted();
    throw open.errorOf(thrown);
  } finally {
    signal.removeEventListener("abort", cancel);
    call.cancel();
  }
}

async function watch(
  open: OpenClient,
  job: JobId,
  onChange: (view: JobView) => void,
  signal: AbortSignal,
): Promise<JobView> {
  const request = encodeMessage(clientCalls.watchRequest, { job, intervalMs: watchIntervalMs }, "WatchRequest");
  // A job may say nothing for an hour: only the time since a connection was lost counts.
  let awaySinceMs: number | undefined;
  for (;;) {
    try {
      for await (const raw of streamIn(open, "Watch", request, signal)) {
        awaySinceMs = undefined;
        const view = decodeMessage(jobView, raw, "Job");
        onChange(view);
        if (view.endedMs !== undefined) return view;
      }
    } catch (thrown) {
      signal.throwIfAborted();
      if (!(thrown instanceof MillraceError && thrown.code === "E_UNREACHABLE")) throw thrown;
      awaySinceMs ??= performance.now();
      if (performance.now() - awaySinceMs > awayMsMax) throw thrown;
    }
    await pause(awayPauseMs, signal);
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    }
    signal.addEventListener("abort", done, { once: true });
  });
  signal.throwIfAborted();
}
