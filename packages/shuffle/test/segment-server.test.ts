// The server against bad requests, slow and many readers, and few open files.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { attemptName, type AttemptRef } from "@millrace/core";
import type { SegmentServer } from "../src/index.ts";
import { logBytesHeader, logMac, logMacHeader, logRequestPath, segmentMac } from "../src/index.ts";
import { parseSegmentOrders, printSegmentOrders } from "../src/segment-request.ts";
import { job, key, makeDirectory, runPath, serve, sourceOf, writeRun } from "./shuffle-kit.ts";

let directory: { readonly path: string; remove(): void };
let server: SegmentServer;
beforeEach(async () => {
  directory = makeDirectory();
  writeRun(runPath(directory.path, sourceOf(0)), { partitions: 4, pairs: () => 100 });
  server = await serve(directory.path, { progressMs: 150 });
});
afterEach(async () => {
  await server.close();
  directory.remove();
});

interface Answer {
  readonly status: number;
  readonly body: Buffer;
  readonly headers: Readonly<Record<string, unknown>>;
}

async function ask(options: {
  readonly method?: string;
  readonly path: string;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const request = httpRequest(
    {
      host: "127.0.0.1",
      port: server.port,
      method: options.method ?? "POST",
      path: options.path,
      headers: options.headers ?? {},
    },
    (response) => {
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(pieces), headers: response.headers }),
      );
    },
  );
  request.on("error", reject);
  request.end(options.body);
  return promise;
}

const mac = segmentMac(key, sourceOf(0), 1);
const segments = `/segments/${job}`;

/** Count the sockets that this process has open. */
function openSockets(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === "TCPSocketWrap").length;
}

/** Wait for the end of a connection, cut or closed. To be asked for at once: it may come before anyone looks. */
async function closed(socket: Socket): Promise<void> {
  socket.on("error", () => undefined);
  return new Promise((resolve) => socket.once("close", () => resolve()));
}

describe("startSegmentServer()", () => {
  it("gives 404 for every spelling of another path, and never joins one", async () => {
    const paths = [
      "/",
      "/segments",
      "/segments/",
      "/segments/../../etc/passwd",
      "/segments/..%2f..%2fetc%2fpasswd",
      "/segments/%252e%252e%252f",
      "/segments/%c0%ae%c0%ae/",
      "/segments/..\\\\..\\\\etc",
      "//etc/passwd",
      `${segments}/`,
      `${segments}?x=1`,
      `${segments}%00`,
      "/segments/JOB-aaaaaaaaaaaaaaaaaaaaaaaaaa",
      `/logs/${job}/../../../etc/passwd`,
      `/logs/${job}/0-1.0/../x`,
      `/logs/..%2f/0-1.0`,
      `http://evil.example/segments/${job}`,
    ];
    for (const path of paths) {
      const method = path.startsWith("/logs") ? "GET" : "POST";
      expect((await ask({ path, method, ...(method === "GET" ? {} : { body: "x" }) })).status, path).toBe(404);
    }
  });

  it("gives 400 for every number that is not spelled as we spell it, and for repeated names", async () => {
    const line = (attempt: string, partition: string, offset: string): string =>
      `${attempt} ${partition} ${offset} ${mac}\n`;
    const bodies = [
      "",
      "\n",
      "x",
      line("0-0.0", "1", "0").trimEnd(),
      line("0-0.0", "-1", "0"),
      line("0-0.0", "1e3", "0"),
      line("0-0.0", "2147483648", "0"),
      line("0-0.0", "9007199254740993", "0"),
      line("0-0.0", "01", "0"),
      line("0-0.0", "", "0"),
      line("0-0.0", "1.5", "0"),
      line("0-0.0", "9999", "0"),
      line("0-0.0", "\uFF10", "0"),
      line("0-0.0", "1", "-1"),
      line("0-0.0", "1", "9999999999999999"),
      line("00-0.0", "1", "0"),
      line("0-99999999.0", "1", "0"),
      line("0-0", "1", "0"),
      line("../../x", "1", "0"),
      line("0-0.0", "1", "0") + line("0-0.0", "1", "5"),
      `${line("0-0.0", "1", "0")}\r\n`,
      Array.from({ length: 65 }, (_, task) => line(`0-${task}.0`, "1", "0")).join(""),
    ];
    for (const body of bodies)
      expect((await ask({ path: segments, body })).status, JSON.stringify(body.slice(0, 80))).toBe(400);
  });

  it("gives 403 without the MAC of exactly that segment, and for a job that it does not know", async () => {
    const order = (given: string, partition = 1): string => `0-0.0 ${partition} 0 ${given}\n`;
    const bodies = [
      order("0".repeat(64)),
      order(segmentMac(key, sourceOf(0), 2)),
      order(segmentMac(key, sourceOf(1), 1)),
      order(segmentMac("00", sourceOf(0), 1)),
      order(mac) + order("0".repeat(64), 2),
      order(logMac(key, sourceOf(0))),
    ];
    for (const body of bodies) expect((await ask({ path: segments, body })).status).toBe(403);
    expect((await ask({ path: `/segments/job-${"b".repeat(26)}`, body: order(mac) })).status).toBe(403);
    expect((await ask({ path: segments, body: order(mac) })).status).toBe(200);
  });

  it("gives 416 beyond the end, 405 for another method, 413 for a long body", async () => {
    expect((await ask({ path: segments, body: `0-0.0 1 999999 ${mac}\n` })).status).toBe(416);
    for (const method of ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
      expect((await ask({ path: segments, method })).status).toBe(405);
    expect((await ask({ path: segments, body: "x".repeat(20_000) })).status).toBe(413);
    expect(
      (await ask({ path: segments, headers: { "transfer-encoding": "chunked" }, body: "x".repeat(20_000) })).status,
    ).toBe(413);
  });

  it("gives the rest of a segment from an offset on", async () => {
    const whole = (await ask({ path: segments, body: `0-0.0 1 0 ${mac}\n` })).body;
    const rest = (await ask({ path: segments, body: `0-0.0 1 100 ${mac}\n` })).body;
    expect(rest.subarray(16).equals(whole.subarray(116))).toBe(true);
    expect((await ask({ path: segments, body: `0-0.0 1 ${whole.length - 16} ${mac}\n` })).body).toHaveLength(16);
  });

  it("cuts off a reader that takes nothing, a head that never ends, and bytes that are no HTTP", async () => {
    const vector = writeRun(runPath(directory.path, sourceOf(1)), {
      partitions: 1,
      pairs: () => 3_000,
      valueBytes: 10_000,
    });
    expect(vector.pairs).toEqual([3_000]);
    const body = `0-1.0 0 0 ${segmentMac(key, sourceOf(1), 0)}\n`;
    const openBefore = openSockets();
    const lazy = connect(server.port, "127.0.0.1");
    const lazyClosed = closed(lazy);
    lazy.write(`POST ${segments} HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
    const random = connect(server.port, "127.0.0.1", () =>
      random.write(Buffer.from([22, 3, 1, 0, 1, 0, 255, 254, 10, 10])),
    );
    random.resume();
    await closed(random);
    // The lazy one reads nothing at all until it has been cut off: then fewer bytes are left than the segment has.
    await Promise.race([lazyClosed, new Promise<void>((resolve) => lazy.once("readable", resolve))]);
    const idle = connect(server.port, "127.0.0.1", () => idle.write("POST /segm"));
    idle.resume();
    await closed(idle);
    // Both ends lie in this process: the server's is gone when only one more than before is left.
    await expect.poll(openSockets, { timeout: 20_000 }).toBeLessThanOrEqual(openBefore + 1);
    let bytes = 0;
    lazy.on("data", (piece: Buffer) => (bytes += piece.length));
    await lazyClosed;
    expect(bytes).toBeLessThan(30_000_000);
    expect((await ask({ path: segments, body: `0-0.0 1 0 ${mac}\n` })).status).toBe(200);
  });

  it("serves 200 requests at once with few files open", async () => {
    const before = readdirSync("/proc/self/fd").length;
    let most = 0;
    const answers = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const answer = await ask({ path: segments, body: `0-0.0 1 0 ${mac}\n` });
        most = Math.max(most, readdirSync("/proc/self/fd").length - before);
        return answer.status;
      }),
    );
    expect(new Set(answers)).toEqual(new Set([200]));
    // Two ends of at most 200 connections, and at most 32 run files.
    expect(most).toBeLessThan(440);
  });
});

describe("logs", () => {
  const attempt: AttemptRef = sourceOf(5);
  const text = Array.from({ length: 1_000 }, (_, line) => `line ${line}\n`).join("");
  const get = (path: string, given = logMac(key, attempt)): Promise<Answer> =>
    ask({ method: "GET", path, headers: { [logMacHeader]: given } });
  beforeEach(() => writeFileSync(join(directory.path, `${attemptName(attempt)}.log`), text));

  it("gives the end, a range, what is there beyond the end, and nothing for a log that is not there yet", async () => {
    const whole = await get(logRequestPath(attempt));
    expect(whole.body.toString()).toBe(text);
    expect(whole.headers[logBytesHeader]).toBe(String(text.length));
    expect((await get(logRequestPath(attempt, { offset: 7, limit: 6 }))).body.toString()).toBe(text.slice(7, 13));
    expect((await get(logRequestPath(attempt, { offset: 1_000_000, limit: 6 }))).body).toHaveLength(0);
    const other = sourceOf(6);
    expect((await get(logRequestPath(other), logMac(key, other))).body).toHaveLength(0);
  });

  it("gives 403 without the log's own MAC and 404 for a range that is none", async () => {
    for (const given of ["", "0".repeat(64), segmentMac(key, attempt, 0), logMac(key, sourceOf(6))])
      expect((await get(logRequestPath(attempt), given)).status).toBe(403);
    for (const query of [
      "?offset=-1&limit=5",
      "?offset=1e3&limit=5",
      "?limit=5",
      "?offset=1&limit=5&limit=6",
      "?offset=1",
    ])
      expect((await get(`${logRequestPath(attempt)}${query}`)).status).toBe(404);
    expect((await ask({ method: "POST", path: logRequestPath(attempt), body: "" })).status).toBe(405);
  });
});

describe("parseSegmentOrders()", () => {
  it("reads what printSegmentOrders() prints", () => {
    const orders = [0, 1, 2].map((task) => ({ source: sourceOf(task), partition: 3 * task, offset: 2 ** 40, mac }));
    expect(parseSegmentOrders(job, printSegmentOrders(orders), 64)).toEqual(orders);
  });
});

describe("with 256 files at most", () => {
  it("1,000 run files of 64 partitions are served and gathered", async () => {
    mkdirSync(join(directory.path, "in"));
    mkdirSync(join(directory.path, "out"));
    const program = new URL("fixtures/gather-many.ts", import.meta.url).pathname;
    const child = spawn(
      "sh",
      [
        "-c",
        'ulimit -n 256 && exec "$0" --conditions=millrace-source "$1" "$2"',
        process.execPath,
        program,
        directory.path,
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    let output = "";
    child.stdout.on("data", (bytes: Buffer) => (output += bytes.toString()));
    await once(child, "exit");
    expect(output).toMatch(/^fetched 1000 of 1000, at most \d+ files open\n$/);
  });
});
