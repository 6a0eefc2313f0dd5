import { connect } from "node:net";
import { Hono } from "hono";
import { createTokenGate, parseHostPort } from "@millrace/rpc";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHttpApp } from "../../src/http/create-http-app.ts";
import type { RunningHttp } from "../../src/http/listen-http.ts";
import { listenHttp } from "../../src/http/listen-http.ts";
import type { JobDesk } from "../../src/job-desk.ts";

const tokens = { client: "c".repeat(64), worker: "w".repeat(64), read: "r".repeat(64) };
const cluster = {
  epoch: 1,
  workersAlive: 0,
  workersSuspect: 0,
  workersLost: 0,
  slots: 0,
  slotsUsed: 0,
  jobsRunning: 0,
  jobsEnded: 0,
  staleEvents: 0,
};
let http: RunningHttp;
beforeAll(async () => {
  const desk = { workers: () => [], cluster: () => cluster } as unknown as JobDesk;
  const app = createHttpApp({
    desk,
    gate: createTokenGate(tokens),
    isReady: () => true,
    onFault: () => undefined,
    readLog: async () => Buffer.alloc(0),
  });
  http = await listenHttp(app, { host: "127.0.0.1", port: 0 });
});
afterAll(async () => http.close());

/** Send bytes as they are, and give what comes until the connection ends. */
async function raw(bytes: string): Promise<string> {
  const { host, port } = parseHostPort(http.address);
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(port, host, () => socket.write(Buffer.from(bytes, "latin1")));
    socket.setTimeout(3_000, () => socket.destroy());
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      // One answer is enough.
      if (text.includes("\r\n\r\n")) socket.end();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(text));
  });
}

const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
const host = (): string => `Host: ${http.address}`;

describe("listenHttp()", () => {
  it("answers a probe", async () => {
    expect(statusOf(await raw(`GET /healthz HTTP/1.1\r\n${host()}\r\n\r\n`))).toBe(200);
  });

  it.each(["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])(
    "refuses %s, with a token or an override too",
    async (method) => {
      const override = "X-HTTP-Method-Override: GET\r\nContent-Length: 0\r\n";
      for (const path of ["/api/v1/jobs", "/", "/healthz"]) {
        const answer = await raw(
          `${method} ${path} HTTP/1.1\r\n${host()}\r\nAuthorization: Bearer ${tokens.client}\r\n${override}\r\n`,
        );
        expect([400, 405], `${method} ${path}: ${answer.slice(0, 80)}`).toContain(statusOf(answer));
      }
    },
  );

  it("opens no tunnel and no upgrade", async () => {
    expect(statusOf(await raw(`CONNECT 10.0.0.1:80 HTTP/1.1\r\n${host()}\r\n\r\n`))).not.toBe(200);
    const upgrade = `GET /api/v1/jobs HTTP/1.1\r\n${host()}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n`;
    expect(statusOf(await raw(upgrade))).toBe(401);
  });

  it("refuses a foreign Host, two of them, none, and an absolute target of another host", async () => {
    const wrong = [
      "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
      `GET / HTTP/1.1\r\nHost: ${http.address}@evil.example\r\n\r\n`,
      `GET / HTTP/1.1\r\n${host()}\r\nHost: evil.example\r\n\r\n`,
      "GET / HTTP/1.1\r\n\r\n",
      "GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    ];
    for (const request of wrong) {
      const status = statusOf(await raw(request));
      expect(status, request).toBeGreaterThanOrEqual(400);
      expect(status, request).toBeLessThan(500);
    }
  });

  it("refuses headers over 16 KiB, long targets, and what could be read in two ways", async () => {
    const wrong = [
      `GET / HTTP/1.1\r\n${host()}\r\nX-Filler: ${"f".repeat(20_000)}\r\n\r\n`,
      `GET /${"j".repeat(20_000)} HTTP/1.1\r\n${host()}\r\n\r\n`,
      `GET / HTTP/1.1\r\n${host()}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      `GET / HTTP/1.1\r\n${host()}\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx`,
      `GET / HTTP/1.1\n${host()}\n\n`,
      "\x16\x03\x01\x02\x00\x01\x00",
      "\0".repeat(5_000),
    ];
    for (const request of wrong) {
      const status = statusOf(await raw(request));
      expect(status === 0 || status >= 400, `${request.slice(0, 60)}: ${status}`).toBe(true);
    }
    expect(statusOf(await raw(`GET /healthz HTTP/1.1\r\n${host()}\r\n\r\n`))).toBe(200);
  });

  it("gives the port back, and refuses one that is taken", async () => {
    const address = parseHostPort(http.address);
    await expect(listenHttp(new Hono(), address)).rejects.toMatchObject({ code: "E_PORT_IN_USE" });
  });
});
