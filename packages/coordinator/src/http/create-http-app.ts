// The coordinator's HTTP side: read-only JSON below /api/v1, metrics, probes, and one plain page. Every route has its
// row in the authorization table; what has none does not exist.

import { Hono } from "hono";
import type { Context, MiddlewareHandler } from "hono";
import {
  MillraceError,
  errorEntry,
  isMillraceError,
  limits,
  parseAttemptName,
  parseJobId,
  quote,
} from "@millrace/core";
import type { JobId, TaskStateName } from "@millrace/core";
import { httpAccess } from "@millrace/rpc";
import type { TokenGate } from "@millrace/rpc";
import type { JobDesk } from "../job-desk.ts";
import { guardBrowser, securityHeaders } from "./guard-browser.ts";
import { createMetrics } from "./metrics.ts";
import { readPage } from "./page.ts";
import { streamEvents } from "./stream-events.ts";

/** What the app serves from. */
export interface HttpParts {
  readonly desk: JobDesk;
  readonly gate: TokenGate;
  /** Whether the coordinator has read its journals and takes work. */
  readonly isReady: () => boolean;
  /** Text that user code of an attempt printed. */
  readonly readLog: (job: JobId, attempt: string) => Promise<Uint8Array>;
  /** Hear of bugs: a client gets E_INTERNAL without their text. */
  readonly onFault: (thrown: unknown) => void;
}

/** HTTP status of each gRPC status that the error table names. */
const httpStatus = {
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  ABORTED: 409,
  RESOURCE_EXHAUSTED: 429,
  CANCELLED: 499,
  INTERNAL: 500,
  DATA_LOSS: 500,
  UNIMPLEMENTED: 501,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
} as const;

const taskStates = ["waiting", "gathering", "running", "done", "failed"] as const satisfies readonly TaskStateName[];
const jobsOnPage = 100;
const tasksOnPage = 200;

/** Make the app. It holds no state of its own. */
export function createHttpApp(parts: HttpParts): Hono {
  const app = new Hono();
  app.use(securityHeaders, guardBrowser);
  addPage(app);
  addProbes(app, parts);
  addClusterRoutes(app, parts);
  addJobRoutes(app, parts);
  app.notFound((context) =>
    context.json(
      { error: { code: "E_USAGE", message: "Cannot answer: there is no such route; see /api/v1/jobs" } },
      404,
    ),
  );
  app.onError((thrown, context) => {
    const known = isMillraceError(thrown);
    if (!known) parts.onFault(thrown);
    const code = known ? thrown.code : "E_INTERNAL";
    const message = known ? thrown.message : "Cannot answer: unexpected failure; see the coordinator's log";
    return context.json({ error: { code, message } }, httpStatus[errorEntry(code).grpc] as 400);
  });
  return app;
}

/** The routes that the app has, for the test that holds them against the authorization table. */
export function routesOf(app: Hono): readonly string[] {
  return [...new Set(app.routes.filter((route) => route.method === "GET").map((route) => route.path))];
}

/** Check the token of a request against the row of its route. @throws {MillraceError} E_AUTH, E_FORBIDDEN. */
function authorize(gate: TokenGate, route: string): MiddlewareHandler {
  const access = httpAccess[route];
  if (access === undefined)
    throw new MillraceError(
      "E_INTERNAL",
      `Cannot serve ${quote(route)}: it has no row in the authorization table; add one`,
    );
  return async (context, next) => {
    gate.check(context.req.header("authorization"), access, route);
    await next();
  };
}

function addPage(app: Hono): void {
  for (const [route, file] of [
    ["/", "index.html"],
    ["/page.js", "page.js"],
    ["/page.css", "page.css"],
  ] as const) {
    app.get(route, async (context) => {
      const { body, type } = await readPage(file);
      return context.body(body, 200, { "Content-Type": type });
    });
  }
}

function addProbes(app: Hono, { desk, gate, isReady }: HttpParts): void {
  const metrics = createMetrics(desk);
  app.get("/healthz", (context) => context.text("ok\n"));
  app.get("/readyz", (context) => (isReady() ? context.text("ready\n") : context.text("starting\n", 503)));
  app.get("/metrics", authorize(gate, "/metrics"), async (context) => {
    return context.body(await metrics.text(), 200, { "Content-Type": metrics.contentType });
  });
}

function addClusterRoutes(app: Hono, { desk, gate }: HttpParts): void {
  app.get("/api/v1/cluster", authorize(gate, "/api/v1/cluster"), (context) => context.json(desk.cluster()));
  app.get("/api/v1/workers", authorize(gate, "/api/v1/workers"), (context) =>
    context.json({ workers: desk.workers() }),
  );
}

function addJobRoutes(app: Hono, { desk, gate, readLog, onFault }: HttpParts): void {
  const get = (route: string, answer: (context: Context, job: JobId) => Promise<Response>): void => {
    app.get(route, authorize(gate, route), async (context) => answer(context, readJobId(context)));
  };
  app.get("/api/v1/jobs", authorize(gate, "/api/v1/jobs"), async (context) =>
    context.json(await desk.list(readPageOf(context, jobsOnPage))),
  );
  get("/api/v1/jobs/:job", async (context, job) => context.json(await desk.get(job)));
  get("/api/v1/jobs/:job/stages", async (context, job) => context.json({ stages: (await desk.get(job)).stages }));
  get("/api/v1/jobs/:job/counters", async (context, job) => context.json((await desk.get(job)).counters));
  get("/api/v1/jobs/:job/tasks", async (context, job) => {
    const state = readTaskState(context);
    const page = readPageOf(context, tasksOnPage);
    return context.json(await desk.tasks(job, state === undefined ? page : { ...page, state }));
  });
  get("/api/v1/jobs/:job/attempts/:attempt", async (context, job) =>
    context.json(await desk.attempt(job, readAttempt(context, job))),
  );
  get("/api/v1/jobs/:job/attempts/:attempt/log", async (context, job) => {
    const attempt = readAttempt(context, job);
    const text = await readLog(job, attempt);
    const headers = {
      "Content-Type": "text/plain; charset=utf-8",
      "Content-Disposition": `attachment; filename="${attempt}.log"`,
    };
    return context.body(Buffer.from(text), 200, headers);
  });
  get("/api/v1/jobs/:job/partitions", async (context, job) => {
    const stage = readWhole(context, "stage", { fallback: 0, max: limits.stagesMax });
    return context.json({ partitions: await desk.partitions(job, stage) });
  });
  get("/api/v1/jobs/:job/events", async (context, job) => {
    const after = context.req.header("last-event-id");
    const from = after === undefined ? 0 : parseWhole(after, "Last-Event-ID", Number.MAX_SAFE_INTEGER - 1) + 1;
    return streamEvents(context, { desk, job, from, onFault });
  });
}

function readJobId(context: Context): JobId {
  const text = context.req.param("job") ?? "";
  const job = parseJobId(text);
  if (job === undefined)
    throw new MillraceError(
      "E_UNKNOWN_JOB",
      `Cannot find the job ${quote(text, 64)}: that is no job id; see /api/v1/jobs`,
    );
  return job;
}

function readAttempt(context: Context, job: JobId): string {
  const text = context.req.param("attempt") ?? "";
  if (parseAttemptName(job, text) === undefined) {
    throw new MillraceError(
      "E_UNKNOWN_JOB",
      `Cannot find the attempt ${quote(text, 64)}: not STAGE-TASK.ATTEMPT; see /api/v1/jobs/${job}/tasks`,
    );
  }
  return text;
}

function readTaskState(context: Context): TaskStateName | undefined {
  const text = context.req.query("state");
  if (text === undefined || text === "") return undefined;
  const state = taskStates.find((known) => known === text);
  if (state === undefined)
    throw new MillraceError(
      "E_USAGE",
      `Cannot filter by ${quote(text, 64)}: no such state; use one of ${taskStates.join(", ")}`,
    );
  return state;
}

function readPageOf(context: Context, limit: number): { readonly offset: number; readonly limit: number } {
  return { offset: readWhole(context, "page", { fallback: 0, max: 1_000_000 }) * limit, limit };
}

function readWhole(
  context: Context,
  name: string,
  { fallback, max }: { readonly fallback: number; readonly max: number },
): number {
  const text = context.req.query(name);
  return text === undefined ? fallback : parseWhole(text, name, max);
}

function parseWhole(text: string, name: string, max: number): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value <= max))
    throw new MillraceError(
      "E_USAGE",
      `Cannot read ${name} ${quote(text, 64)}: not a whole number from 0 to ${max}; choose one in that range`,
    );
  return value;
}
