import { describe, expect, it } from "vitest";
import { httpAccess } from "@millrace/rpc";
import { createTokenGate, roles } from "@millrace/rpc";
import { MillraceError } from "@millrace/core";
import type { JobDesk } from "../../src/job-desk.ts";
import { createHttpApp, routesOf } from "../../src/http/create-http-app.ts";

const tokens = { client: "c".repeat(64), worker: "w".repeat(64), read: "r".repeat(64) };
const job = "job-00000000000000000000000000";
const unknown = (): never => {
  throw new MillraceError("E_UNKNOWN_JOB", `Cannot find the job "${job}": there is none`);
};
const desk = {
  cluster: () => ({
    epoch: 3,
    workersAlive: 1,
    workersSuspect: 0,
    workersLost: 0,
    slots: 2,
    slotsUsed: 1,
    jobsRunning: 1,
    jobsEnded: 0,
    staleEvents: 0,
  }),
  workers: () => [],
  list: async (page: unknown) => ({ jobs: [], total: 0, page }),
  get: async () => unknown(),
  tasks: async (_: unknown, filter: unknown) => ({ tasks: [], total: 0, filter }),
  attempt: async () => unknown(),
  partitions: async () => [],
} as unknown as JobDesk;
const faults: unknown[] = [];
const app = createHttpApp({
  onFault: (thrown) => faults.push(thrown),
  desk,
  gate: createTokenGate(tokens),
  isReady: () => true,
  readLog: async () => Buffer.from("<script>\u001b[2J"),
});

async function ask(
  path: string,
  init: { readonly method?: string; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<Response> {
  return app.request(`http://127.0.0.1:7460${path}`, { ...init, headers: { host: "127.0.0.1:7460", ...init.headers } });
}
const bearer = (token: string): Readonly<Record<string, string>> => ({ authorization: `Bearer ${token}` });
const fill = (route: string): string => route.replace(":job", job).replace(":attempt", "0-0.0");

describe("authorization", () => {
  it("every route has a row in the table, and every row a route", () => {
    expect(routesOf(app).toSorted()).toEqual(Object.keys(httpAccess).toSorted());
  });

  it.each(Object.entries(httpAccess))(
    "%s is denied without a token, with a wrong one, and to other roles",
    async (route, access) => {
      if (access === "public") {
        expect((await ask(fill(route))).status).toBe(200);
        return;
      }
      expect((await ask(fill(route))).status).toBe(401);
      expect((await ask(fill(route), { headers: bearer("x".repeat(64)) })).status).toBe(401);
      for (const role of roles) {
        const { status } = await ask(fill(route), { headers: bearer(tokens[role]) });
        if (access.includes(role)) expect([200, 404]).toContain(status);
        else expect(status).toBe(403);
      }
    },
  );

  it("takes no token from the query", async () => {
    expect((await ask(`/api/v1/cluster?token=${tokens.client}`)).status).toBe(401);
  });
});

describe("failures", () => {
  const headers = { host: "127.0.0.1:7460", ...bearer(tokens.read) };
  const appOf = (parts: Partial<JobDesk>): ReturnType<typeof createHttpApp> =>
    createHttpApp({
      desk: Object.assign(Object.create(desk) as JobDesk, parts),
      gate: createTokenGate(tokens),
      isReady: () => true,
      readLog: async () => Buffer.alloc(0),
      onFault: (thrown) => faults.push(thrown),
    });

  it("tells a bug to the log, and the client nothing of it", async () => {
    const bug = new TypeError("secret of the house");
    const broken = appOf({ list: () => Promise.reject(bug) });
    const response = await broken.request("http://127.0.0.1:7460/api/v1/jobs", { headers });
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("secret");
    expect(faults.splice(0)).toEqual([bug]);
  });

  it("tells the log why a stream of events ended early, and ends it", async () => {
    const damaged = new MillraceError("E_STATE_DAMAGED", "Cannot read the journal");
    const broken = appOf({
      get: async () => ({}) as never,
      events: async function* () {
        yield [];
        throw damaged;
      },
    });
    const response = await broken.request(`http://127.0.0.1:7460/api/v1/jobs/${job}/events`, { headers });
    expect(await response.text()).toBe("");
    expect(faults.splice(0)).toEqual([damaged]);
  });

  it("opens no journal for a HEAD, whose answer nobody reads", async () => {
    const opened: string[] = [];
    const counted = appOf({
      get: async () => ({}) as never,
      events: async function* (id) {
        opened.push(id);
        yield [];
      },
    });
    const ask = async (method: string): Promise<Response> =>
      counted.request(`http://127.0.0.1:7460/api/v1/jobs/${job}/events`, { method, headers });
    const head = await ask("HEAD");
    expect([head.status, head.headers.get("content-type"), opened]).toEqual([200, "text/event-stream", []]);
    await (await ask("GET")).text();
    expect(opened).toEqual([job]);
  });
});

describe("a browser", () => {
  const headers = bearer(tokens.read);

  it.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])("cannot %s", async (method) => {
    expect((await ask("/api/v1/jobs", { method, headers })).status).toBe(405);
  });

  it.each(["evil.example", "evil.example:7460", "127.0.0.1.evil.example", "127.0.0.1:7460@evil.example", ""])(
    "cannot come by the host %s",
    async (host) => {
      expect((await ask("/api/v1/jobs", { headers: { ...headers, host } })).status).toBe(421);
    },
  );

  it("cannot ask from another site", async () => {
    for (const extra of [{ origin: "http://evil.example" }, { origin: "null" }, { "sec-fetch-site": "cross-site" }]) {
      expect((await ask("/api/v1/jobs", { headers: { ...headers, ...extra } })).status).toBe(403);
    }
    expect(
      (
        await ask("/api/v1/jobs", {
          headers: { ...headers, origin: "http://127.0.0.1:7460", "sec-fetch-site": "same-origin" },
        })
      ).status,
    ).toBe(200);
  });

  it("is given headers that let it run nothing else, with errors too", async () => {
    for (const path of ["/", "/api/v1/jobs", "/nothing"]) {
      const answer = await ask(path);
      expect(answer.headers.get("content-security-policy")).toMatch(/default-src 'none'/);
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    }
  });

  it("gets logs as text to save, never as a page", async () => {
    const answer = await ask(`/api/v1/jobs/${job}/attempts/0-0.0/log`, { headers });
    expect(answer.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(answer.headers.get("content-disposition")).toBe('attachment; filename="0-0.0.log"');
  });
});

describe("requests", () => {
  const headers = bearer(tokens.read);

  it("answer with JSON and the state of the cluster", async () => {
    expect(await (await ask("/api/v1/cluster", { headers })).json()).toMatchObject({ epoch: 3 });
    expect(await (await ask("/metrics", { headers })).text()).toMatch(/millrace_workers\{state="alive"\} 1/);
  });

  it("page and filter tasks", async () => {
    const answer = await ask(`/api/v1/jobs/${job}/tasks?state=running&page=2`, { headers });
    expect(await answer.json()).toMatchObject({ filter: { state: "running", offset: 400, limit: 200 } });
  });

  it.each([
    ["/api/v1/jobs?page=-1", 400],
    ["/api/v1/jobs?page=1e9", 400],
    [`/api/v1/jobs/${job}/tasks?state=__proto__`, 400],
    ["/api/v1/jobs/..%2f..%2fetc%2fpasswd", 404],
    [`/api/v1/jobs/${"x".repeat(10_000)}`, 404],
    [`/api/v1/jobs/${job}/attempts/..%2f0-0.0/log`, 404],
    ["/api/v2", 404],
  ])("that make no sense are answered: %s", async (path, status) => {
    const answer = await ask(path, { headers });
    expect(answer.status).toBe(status);
    expect(((await answer.json()) as { error: { message: string } }).error.message.length).toBeLessThan(400);
  });
});
