// The coordinator daemon: a coordinator with its gRPC and HTTP listeners, its tokens, its log and its endpoint file.
// This is the one place that chooses makers for them.

import type { CoordinatorSettings, JobId, SessionId } from "@millrace/core";
import { isMillraceError, mapsFar, mapsNear, mapsOnRack } from "@millrace/core";
import type { SessionListener, Storage } from "@millrace/ports";
import { createSystemRandomness } from "@millrace/ports";
import type { Endpoint, HostPort, JobBackend, RoleTokens } from "@millrace/rpc";
import {
  createJobService,
  createTokenGate,
  createWorkerService,
  printHostPort,
  removeEndpointFile,
  requireLoopback,
  startServer,
  writeEndpointFile,
} from "@millrace/rpc";
import { createDefaultStorages, createJobTokens } from "@millrace/storage";
import type { Logger } from "pino";
import type { Coordinator } from "./coordinator.ts";
import { openCoordinator } from "./coordinator.ts";
import { createHttpApp } from "./http/create-http-app.ts";
import { listenHttp } from "./http/listen-http.ts";
import type { LogSink } from "./log/create-log.ts";
import { createLog, requireLogLevel } from "./log/create-log.ts";
import { fetchLog } from "./log/fetch-log.ts";
import { LogKeeper } from "./log/log-keeper.ts";
import { readAttemptLog } from "./log/read-attempt-log.ts";
import { openTokens } from "./state/token-file.ts";

export { requireLogLevel } from "./log/create-log.ts";

/** How a daemon is started. */
export interface StartOptions {
  /** `host:port` of gRPC; loopback only, port 0 for any free one. */
  readonly listen: string;
  /** `host:port` of the page and API; loopback only. */
  readonly http: string;
  readonly stateDirectory: string;
  /** Where clients of this user look; none is written without it. */
  readonly endpointFile?: string;
  /** One of pino's levels. */
  readonly logLevel?: string;
  /** Where log lines go: stderr unless given. */
  readonly logSink?: LogSink;
  /** Called once, when the coordinator cannot go on: the process should end. */
  readonly onFatal: (thrown: unknown) => void;
  readonly storage?: Storage;
  readonly settings?: Partial<CoordinatorSettings>;
}

/** A daemon that listens. */
export interface RunningCoordinator {
  readonly address: string;
  readonly httpAddress: string;
  /** Token of role `client`. */
  readonly token: string;
  readonly endpoint: Endpoint;
  /** Close listeners, then the coordinator. Jobs stay for the next reign. Twice is fine. */
  close(): Promise<void>;
}

/**
 * Start a coordinator.
 * @throws {MillraceError} E_UNSAFE_LISTEN and E_CONFIGURATION before anything is touched; E_STATE_LOCKED, E_STATE_DAMAGED,
 * E_PORT_IN_USE. Nothing is left running then.
 */
export async function startCoordinator(options: StartOptions): Promise<RunningCoordinator> {
  const logLevel = options.logLevel ?? "info";
  requireLogLevel(logLevel);
  const [grpcAddress, httpAddress] = [await requireLoopback(options.listen), await requireLoopback(options.http)];
  const log = createLog(logLevel, options.logSink ?? process.stderr);
  const closers: (() => unknown)[] = [];
  try {
    const coordinator = await openCoordinator({
      stateDirectory: options.stateDirectory,
      storage: options.storage ?? createDefaultStorages(process.env),
      tokens: createJobTokens({
        environment: process.env,
        note: ({ job, cluster, what, reason }) => log.warn({ job, cluster, reason }, what),
      }),
      onFatal: (thrown) => {
        log.fatal({ err: thrown }, "cannot go on");
        options.onFatal(thrown);
      },
      ...(options.settings === undefined ? {} : { settings: options.settings }),
    });
    closers.unshift(() => coordinator.close());
    const tokens = openTokens(options.stateDirectory, createSystemRandomness());
    const served = await serve({ coordinator, tokens, log, grpcAddress, httpAddress, closers });
    const endpoint: Endpoint = {
      ...served,
      token: tokens.client,
      workerToken: tokens.worker,
      readToken: tokens.read,
      pid: process.pid,
    };
    publishEndpoint(options.endpointFile, endpoint, closers);
    const { epoch, recovered, cutBytes } = coordinator;
    log.info({ epoch, recovered: recovered.length, cutBytes, ...served }, "reigning");
    for (const job of recovered) void logEnd(coordinator.desk, log, job);
    let closing: Promise<void> | undefined;
    return { ...served, token: tokens.client, endpoint, close: async () => (closing ??= closeAll(closers)) };
  } catch (thrown) {
    await closeAll(closers);
    throw thrown;
  }
}

interface Served {
  readonly coordinator: Coordinator;
  readonly tokens: RoleTokens;
  readonly log: Logger;
  readonly grpcAddress: HostPort;
  readonly httpAddress: HostPort;
  /** Takes what closes again, last first. */
  readonly closers: (() => unknown)[];
}

async function serve({
  coordinator,
  tokens,
  log,
  closers,
  ...addresses
}: Served): Promise<Pick<Endpoint, "address" | "httpAddress">> {
  const { desk } = coordinator;
  const gate = createTokenGate(tokens);
  const readLog = async (job: JobId, attempt: string): Promise<Uint8Array> => readAttemptLog(coordinator, job, attempt);
  const backend = backendOf(coordinator, log, readLog);
  const server = await startServer({
    listen: printHostPort(addresses.grpcAddress),
    gate,
    services: {
      JobService: createJobService(backend, (thrown) => log.error({ err: thrown }, "a call failed by a bug")),
      WorkerService: createWorkerService({
        listener: loggedSessions(keptLogs(coordinator), log),
        nextSession: coordinator.nextSession,
        readContent: (job, sha256) => desk.content(job, sha256),
        onFault: (session, thrown) => log.warn({ session, err: thrown }, "session ended by a fault"),
      }),
    },
  });
  closers.unshift(() => server.close());
  const onFault = (thrown: unknown): void => log.error({ err: thrown }, "a request failed");
  const app = createHttpApp({ desk, gate, isReady: () => true, readLog, onFault });
  const http = await listenHttp(app, addresses.httpAddress);
  closers.unshift(() => http.close());
  return { address: server.address, httpAddress: http.address };
}

/** The desk as gRPC asks it, with what a log wants to know. */
function backendOf(
  { desk }: Coordinator,
  log: Logger,
  readLog: (job: JobId, attempt: string) => Promise<Uint8Array>,
): JobBackend {
  return {
    submit: async (spec, payload, idempotencyKey) => {
      try {
        const answer = await desk.submit(spec, payload, idempotencyKey);
        log.info({ job: answer.job, again: answer.again, jobName: spec.name }, "submitted");
        if (!answer.again) void logEnd(desk, log, answer.job);
        return answer;
      } catch (thrown) {
        if (isMillraceError(thrown)) log.info({ code: thrown.code, jobName: spec.name }, "submission refused");
        throw thrown;
      }
    },
    kill: async (job, reason) => {
      await desk.kill(job, reason);
      log.info({ job, reason }, "kill accepted");
    },
    get: async (job) => desk.get(job),
    list: async (page) => desk.list(page),
    watch: (job, intervalMs, signal) => desk.watch(job, intervalMs, signal),
    tasks: async (job, query) => desk.tasks(job, query),
    events: (job, query) => desk.events(job, query),
    log: async function* (job, attempt) {
      yield await readLog(job, attempt);
    },
    workers: () => desk.workers(),
  };
}

/** Say in the log how a job ended. */
async function logEnd(desk: Coordinator["desk"], log: Logger, job: JobId): Promise<void> {
  /** Nobody is in a hurry to read it. */
  const intervalMs = 1_000;
  try {
    for await (const view of desk.watch(job, intervalMs, new AbortController().signal)) {
      if (view.endedMs === undefined) continue;
      log.info({ job, outcome: view.state, code: view.failure?.code }, "job ended");
      const { [mapsNear]: near = 0, [mapsOnRack]: onRack = 0, [mapsFar]: far = 0 } = view.counters;
      if (near === 0 && onRack + far > 0) log.warn({ job, [mapsOnRack]: onRack, [mapsFar]: far }, nobodyNear);
    }
  } catch (thrown) {
    log.warn({ job, err: thrown }, "job lost from sight");
  }
}

/** A job may be unlucky; where every job is, names do not agree. */
const nobodyNear =
  "no map of the job ran beside its data: unless no worker is there, see that workers' --host-name are the names that HDFS has for their machines (`millrace fs locations`, `millrace worker-list`)";

/** Time for a worker to give a log while its failure is held back: far below a lease. */
const logMs = 500;

/** The driver behind a keeper of logs. */
function keptLogs({ listener, state }: Coordinator): SessionListener {
  return new LogKeeper(listener, {
    fetch: async (attempt, address) =>
      fetchLog(attempt, { address, key: await state.readShuffleKey(attempt.job), timeoutMs: logMs }),
    keep: async (job, attempt, bytes) => state.writeLog(job, attempt, bytes),
  });
}

function loggedSessions(listener: SessionListener, log: Logger): SessionListener {
  const workers = new Map<SessionId, string>();
  return {
    onOpened: (session, peer) => listener.onOpened(session, peer),
    onMessage: (session, message) => {
      if (message.kind === "register") {
        const { worker, incarnation, slots, shuffleAddress } = message.description;
        workers.set(session, worker);
        log.info({ session, worker, incarnation, slots, shuffleAddress }, "worker registers");
      }
      listener.onMessage(session, message);
    },
    onClosed: (session) => {
      log.info({ session, worker: workers.get(session) }, "session closed");
      workers.delete(session);
      listener.onClosed(session);
    },
  };
}

function publishEndpoint(path: string | undefined, endpoint: Endpoint, closers: (() => unknown)[]): void {
  if (path === undefined) return;
  writeEndpointFile(path, endpoint);
  closers.unshift(() => removeEndpointFile(path, endpoint));
}

async function closeAll(closers: (() => unknown)[]): Promise<void> {
  for (const close of closers.splice(0)) await close();
}
