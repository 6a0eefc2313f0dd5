// Gathering on loopback: the way it should go, and every way in which a source, a network or a disk can fail.

import { existsSync, readdirSync, readFileSync, symlinkSync, truncateSync, unlinkSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import type { Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SegmentVector } from "@millrace/data";
import type { SegmentSource } from "@millrace/ports";
import { createSegmentGatherer, segmentMac } from "../src/index.ts";
import { nodeRunTools } from "../src/run-tools.ts";
import { printSegmentOrders, segmentsPath } from "../src/segment-request.ts";
import {
  fetchOne,
  job,
  key,
  makeDirectory,
  requestOf,
  runPath,
  serve,
  serveRaw,
  sourceOf,
  writeRun,
} from "./shuffle-kit.ts";

let directory: { readonly path: string; remove(): void };
const closers: (() => Promise<void>)[] = [];
beforeEach(() => (directory = makeDirectory()));
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  directory.remove();
});

function gatherer(limits = {}): SegmentSource {
  const made = createSegmentGatherer({ tools: nodeRunTools, limits });
  closers.push(() => made.close());
  return made;
}

async function server(limits = {}): ReturnType<typeof serve> {
  const made = await serve(directory.path, limits);
  closers.push(() => made.close());
  return made;
}

async function rawServer(onSocket: (socket: Socket) => void): Promise<string> {
  const made = await serveRaw(onSocket);
  closers.push(() => made.close());
  return made.address;
}

const target = (name: string): string => join(directory.path, `${name}.segment`);
const leftovers = (): string[] => readdirSync(directory.path).filter((name) => name.includes(".segment"));

/** The bytes of a whole response, as the real server gives them. */
async function recordAnswer(address: string, partition: number): Promise<Buffer> {
  const { promise, resolve } = Promise.withResolvers<Buffer>();
  const [host, port] = address.split(":");
  const body = printSegmentOrders([
    { source: sourceOf(0), partition, offset: 0, mac: segmentMac(key, sourceOf(0), partition) },
  ]);
  const request = httpRequest(
    { host, port, method: "POST", path: segmentsPath(job), headers: { "content-length": body.length } },
    (response) => {
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("end", () => resolve(Buffer.concat(pieces)));
    },
  );
  request.end(body);
  return promise;
}

const head = (bytes: number): string => `HTTP/1.1 200 OK\r\nContent-Length: ${bytes}\r\n\r\n`;

describe("createSegmentGatherer()", () => {
  let vector: SegmentVector;
  beforeEach(
    () =>
      (vector = writeRun(runPath(directory.path, sourceOf(0)), {
        partitions: 8,
        pairs: (partition) => partition * 40,
      })),
  );

  it("fetches every segment of a run, several in one request, as the run file has them", async () => {
    const { address, cache } = await server();
    const source = gatherer();
    const partitions = [1, 2, 3, 4, 5, 6, 7];
    const outcomes = await Promise.all(
      partitions.map((partition) =>
        fetchOne(source, requestOf(vector, { task: 0, partition, address, path: target(`${partition}`) })),
      ),
    );
    const whole = readFileSync(runPath(directory.path, sourceOf(0)));
    for (const [index, partition] of partitions.entries()) {
      const extent = cache.locate(runPath(directory.path, sourceOf(0)), partition)!;
      expect(outcomes[index]).toEqual({ kind: "fetched", bytes: extent.bytes, wireBytes: extent.bytes });
      expect(
        readFileSync(target(`${partition}`)).equals(whole.subarray(extent.offset, extent.offset + extent.bytes)),
      ).toBe(true);
    }
    expect(leftovers()).toHaveLength(partitions.length);
  });

  it("fetches a segment of many chunks", async () => {
    const big = writeRun(runPath(directory.path, sourceOf(1)), { partitions: 2, pairs: () => 300, valueBytes: 20_000 });
    const { address } = await server({ chunkBytes: 100_000 });
    const outcome = await fetchOne(gatherer(), requestOf(big, { task: 1, partition: 1, address, path: target("big") }));
    expect(outcome.kind).toBe("fetched");
  });

  it("says missing for a run that is not there, one without a footer, and a job that the source does not know", async () => {
    const { address } = await server();
    const path = target("x");
    const source = gatherer();
    expect(await fetchOne(source, requestOf(vector, { task: 7, partition: 1, address, path }))).toMatchObject({
      kind: "failed",
      reason: "missing",
    });
    expect(
      await fetchOne(
        source,
        requestOf({ ...vector, pairs: Array(99).fill(1) }, { task: 0, partition: 98, address, path }),
      ),
    ).toMatchObject({ reason: "missing" });
    truncateSync(runPath(directory.path, sourceOf(0)), 200);
    expect(await fetchOne(source, requestOf(vector, { task: 0, partition: 1, address, path }))).toMatchObject({
      reason: "missing",
    });
    expect(
      await fetchOne(source, { ...requestOf(vector, { task: 0, partition: 1, address, path }), shuffleKey: "00" }),
    ).toMatchObject({ reason: "missing" });
    expect(leftovers()).toEqual([]);
  });

  it("says unreachable for a closed port, a bad address, and a source that never answers", async () => {
    const source = gatherer({ progressMs: 50, connectTimeoutMs: 50 });
    const silent = await rawServer(() => undefined);
    for (const address of ["127.0.0.1:1", "nonsense", "127.0.0.1:70000", silent]) {
      expect(
        await fetchOne(source, requestOf(vector, { task: 0, partition: 1, address, path: target("x") })),
      ).toMatchObject({ kind: "failed", reason: "unreachable" });
    }
    expect(leftovers()).toEqual([]);
  });

  it("finds every flipped byte of an answer", async () => {
    const { address } = await server();
    const answer = await recordAnswer(address, 1);
    let flip = 0;
    const evil = await rawServer((socket) => {
      socket.once("data", () => {
        const bytes = Buffer.from(answer);
        bytes[flip]! ^= 1 << (flip % 8);
        socket.end(Buffer.concat([Buffer.from(head(bytes.length)), bytes]));
      });
    });
    const source = gatherer({ resumesMax: 0 });
    for (flip = 0; flip < answer.length; flip += 1) {
      const outcome = await fetchOne(
        source,
        requestOf(vector, { task: 0, partition: 1, address: evil, path: target("x") }),
      );
      expect(outcome.kind, `byte ${flip}`).toBe("failed");
    }
    expect(leftovers()).toEqual([]);
  });

  it("finds every cut of an answer, announced or not", async () => {
    const { address } = await server();
    const answer = await recordAnswer(address, 1);
    let cut = 0;
    let announced = 0;
    const evil = await rawServer((socket) =>
      socket.once("data", () => socket.end(Buffer.concat([Buffer.from(head(announced)), answer.subarray(0, cut)]))),
    );
    const source = gatherer({ resumesMax: 0 });
    for (cut = 0; cut < answer.length; cut += 7) {
      for (announced of [answer.length, cut]) {
        const outcome = await fetchOne(
          source,
          requestOf(vector, { task: 0, partition: 1, address: evil, path: target("x") }),
        );
        expect(outcome, `cut at ${cut}`).toMatchObject({ kind: "failed", reason: "cut" });
      }
    }
    expect(leftovers()).toEqual([]);
  });

  it("goes on after a cut where it ended, in the same fetch", async () => {
    const big = writeRun(runPath(directory.path, sourceOf(1)), { partitions: 1, pairs: () => 2_000, valueBytes: 100 });
    const { address } = await server();
    const [host = "", port] = address.split(":");
    const offsets: string[] = [];
    // A proxy that cuts each connection after 70,000 bytes of answer.
    const flaky = await rawServer((socket) => {
      socket.once("data", (request) => {
        offsets.push(/^0-1\.0 0 (\d+) /m.exec(request.toString("latin1"))?.[1] ?? "none");
        void import("node:net").then(({ connect }) => {
          const upstream = connect(Number(port), host, () => upstream.write(request));
          let left = 70_000;
          upstream.on("data", (bytes) => {
            socket.write(bytes.subarray(0, left));
            left -= bytes.length;
            if (left <= 0) {
              upstream.destroy();
              socket.destroySoon();
            }
          });
          upstream.on("error", () => undefined);
        });
      });
    });
    const outcome = await fetchOne(
      gatherer(),
      requestOf(big, { task: 1, partition: 0, address: flaky, path: target("x") }),
    );
    expect(outcome.kind).toBe("fetched");
    expect(offsets.length).toBeGreaterThan(2);
    expect(offsets[0]).toBe("0");
    expect(Number(offsets[1])).toBeGreaterThan(0);
  });

  it("refuses a length of 2^40 before it takes a byte, and bytes that nobody asked for", async () => {
    const { address } = await server();
    const answer = await recordAnswer(address, 1);
    const announcing = Buffer.from(answer);
    announcing.writeBigUInt64LE(2n ** 40n, 8);
    const huge = await rawServer((socket) =>
      socket.once("data", () => socket.write(Buffer.concat([Buffer.from(head(2 ** 40)), announcing]))),
    );
    expect(
      await fetchOne(gatherer(), requestOf(vector, { task: 0, partition: 1, address: huge, path: target("x") })),
    ).toMatchObject({ kind: "failed", reason: "corrupt" });
    const twice = Buffer.concat([answer, answer]);
    const oversending = await rawServer((socket) =>
      socket.once("data", () => socket.write(Buffer.concat([Buffer.from(head(twice.length)), twice]))),
    );
    // The segment itself came whole and verified; what follows it is thrown away with the connection.
    expect(
      await fetchOne(gatherer(), requestOf(vector, { task: 0, partition: 1, address: oversending, path: target("y") })),
    ).toMatchObject({ kind: "fetched" });
    expect(leftovers()).toEqual(["y.segment"]);
  });

  it("does not let the announced length of one segment hold up those behind it", { timeout: 20_000 }, async () => {
    const { address } = await server();
    const answer = await recordAnswer(address, 1);
    const announcing = Buffer.from(answer);
    announcing.writeBigUInt64LE(2n ** 40n, 8);
    let asked = 0;
    const hostile = await rawServer((socket) =>
      socket.on("data", () => {
        asked += 1;
        if (asked > 1) return socket.write(Buffer.concat([Buffer.from(head(answer.length)), answer]));
        // The first answer goes on for as long as anybody reads it.
        const more = setInterval(() => socket.write(Buffer.alloc(16 * 1024)), 10);
        socket.on("close", () => clearInterval(more));
        return socket.write(Buffer.concat([Buffer.from(head(2 ** 41)), announcing]));
      }),
    );
    const from = gatherer({ connectionsPerSource: 1 });
    const outcomes = await Promise.all(
      ["a", "b"].map((name) =>
        fetchOne(from, requestOf(vector, { task: 0, partition: 1, address: hostile, path: target(name) })),
      ),
    );
    expect(outcomes).toMatchObject([{ kind: "failed", reason: "corrupt" }, { kind: "fetched" }]);
    expect(asked).toBe(2);
  });

  it("refuses another partition's data, another order of blocks, and a run that was made anew with other content", async () => {
    const { address } = await server();
    const other = await recordAnswer(address, 2);
    const swapped = await rawServer((socket) =>
      socket.once("data", () => socket.write(Buffer.concat([Buffer.from(head(other.length)), other]))),
    );
    expect(
      await fetchOne(gatherer(), requestOf(vector, { task: 0, partition: 1, address: swapped, path: target("x") })),
    ).toMatchObject({ kind: "failed", reason: "corrupt" });
    const changed = { ...vector, digests: vector.digests.map(() => "0".repeat(16)) };
    expect(
      await fetchOne(gatherer(), requestOf(changed, { task: 0, partition: 1, address, path: target("x") })),
    ).toMatchObject({ kind: "failed", reason: "corrupt" });
  });

  it("gives up on a source that trickles", async () => {
    const trickling = await rawServer((socket) =>
      socket.once("data", () => {
        socket.write(head(1_000_000));
        const timer = setInterval(() => socket.write("M"), 5);
        socket.on("close", () => clearInterval(timer));
      }),
    );
    expect(
      await fetchOne(
        gatherer({ progressMs: 60 }),
        requestOf(vector, { task: 0, partition: 1, address: trickling, path: target("x") }),
      ),
    ).toMatchObject({ kind: "failed" });
  });

  it("charges a full or broken disk to this side", async () => {
    const { address } = await server();
    const nowhere = join(directory.path, "no", "such", "directory");
    expect(
      await fetchOne(gatherer(), requestOf(vector, { task: 0, partition: 1, address, path: nowhere })),
    ).toMatchObject({ kind: "local", failure: { code: "E_WORK_DISK" } });
    symlinkSync("/dev/full", `${target("full")}.part`);
    expect(
      await fetchOne(gatherer(), requestOf(vector, { task: 0, partition: 1, address, path: target("full") })),
    ).toMatchObject({ kind: "local", failure: { code: "E_NO_SPACE" } });
    expect(leftovers()).toEqual([]);
  });

  it("one bad segment of a request does not harm the others", async () => {
    const { address } = await server();
    const source = gatherer();
    const wrong = {
      ...vector,
      digests: vector.digests.map((digest, partition) => (partition === 3 ? "f".repeat(16) : digest)),
    };
    const outcomes = await Promise.all(
      [1, 2, 3, 4, 5].map((partition) =>
        fetchOne(source, requestOf(wrong, { task: 0, partition, address, path: target(`${partition}`) })),
      ),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(["fetched", "fetched", "failed", "fetched", "fetched"]);
    // A broken head in the middle: the connection is lost, the ones behind it are asked for again.
    const answer = await recordAnswer(address, 1);
    let asked = 0;
    const broken = await rawServer((socket) =>
      socket.on("data", () => {
        asked += 1;
        const bytes = Buffer.concat([answer, Buffer.from("XXXXXXXXXXXXXXXXXXXX")]);
        socket.write(Buffer.concat([Buffer.from(head(bytes.length)), bytes]));
      }),
    );
    const two = await Promise.all(
      ["a", "b", "c"].map((name) =>
        fetchOne(
          gatherer({ resumesMax: 1 }),
          requestOf(vector, { task: 0, partition: 1, address: broken, path: target(name) }),
        ),
      ),
    );
    expect(two.every(({ kind }) => kind === "fetched")).toBe(true);
    expect(asked).toBeGreaterThanOrEqual(1);
  });

  it("gives failed when the caller gives up, waiting or under way, and leaves no file", async () => {
    const silent = await rawServer(() => undefined);
    const source = gatherer({ connectionsPerSource: 1, segmentsPerRequestMax: 1 });
    const controllers = [new AbortController(), new AbortController(), new AbortController()];
    const fetches = controllers.map((controller, index) =>
      source.fetch(
        requestOf(vector, { task: 0, partition: 1, address: silent, path: target(`${index}`) }),
        controller.signal,
      ),
    );
    for (const controller of controllers) controller.abort();
    for (const fetch of fetches) expect(await fetch).toMatchObject({ kind: "failed" });
    const late = new AbortController();
    late.abort();
    expect(
      await source.fetch(
        requestOf(vector, { task: 0, partition: 1, address: silent, path: target("late") }),
        late.signal,
      ),
    ).toMatchObject({ kind: "failed" });
    expect(leftovers()).toEqual([]);
  });

  it("a cancelled fetch does no harm to the kept-alive connection that an earlier one made", async () => {
    const { address } = await server();
    const source = gatherer({ connectionsPerSource: 1, segmentsPerRequestMax: 1 });
    const big = writeRun(runPath(directory.path, sourceOf(1)), { partitions: 1, pairs: () => 200, valueBytes: 20_000 });
    const controllers = Array.from({ length: 8 }, () => new AbortController());
    for (const [index, controller] of controllers.entries()) {
      const fetch = source.fetch(
        requestOf(big, { task: 1, partition: 0, address, path: target(`big-${index}`) }),
        controller.signal,
      );
      const next = fetchOne(source, requestOf(vector, { task: 0, partition: 1, address, path: target(`${index}`) }));
      if (index % 2 === 1) setImmediate(() => setImmediate(() => controller.abort()));
      await fetch;
      controller.abort();
      expect((await next).kind).toBe("fetched");
    }
  });

  it("ends all fetches when it is closed", async () => {
    const silent = await rawServer(() => undefined);
    const source = createSegmentGatherer({ tools: nodeRunTools });
    const fetch = fetchOne(source, requestOf(vector, { task: 0, partition: 1, address: silent, path: target("x") }));
    await source.close();
    expect(await fetch).toMatchObject({ kind: "failed" });
  });
});

describe("a run file that goes away", () => {
  it("truncated while it is sent: the connection is cut, never a clean end", async () => {
    const path = runPath(directory.path, sourceOf(0));
    writeRun(path, { partitions: 1, pairs: () => 4_000, valueBytes: 10_000 });
    const { port } = await server({ chunkBytes: 64 * 1024 });
    const body = printSegmentOrders([
      { source: sourceOf(0), partition: 0, offset: 0, mac: segmentMac(key, sourceOf(0), 0) },
    ]);
    const { promise, resolve } = Promise.withResolvers<{
      readonly announced: number;
      readonly got: number;
      readonly ended: boolean;
    }>();
    const request = httpRequest(
      { port, host: "127.0.0.1", method: "POST", path: segmentsPath(job), headers: { "content-length": body.length } },
      (response) => {
        let got = 0;
        truncateSync(path, 20_000_000);
        response.on("data", (bytes: Buffer) => (got += bytes.length));
        response.on("error", () => undefined);
        response.on("close", () =>
          resolve({ announced: Number(response.headers["content-length"]), got, ended: response.complete }),
        );
      },
    );
    request.end(body);
    const { announced, got, ended } = await promise;
    expect(announced).toBeGreaterThan(40_000_000);
    expect(got).toBeLessThan(announced);
    expect(ended).toBe(false);
  });

  it("truncated, replaced or deleted since its index was read: missing", async () => {
    const path = runPath(directory.path, sourceOf(0));
    const vector = writeRun(path, { partitions: 1, pairs: () => 4_000 });
    const { address, cache } = await server();
    const missing = async (): Promise<void> => {
      expect(
        await fetchOne(gatherer(), requestOf(vector, { task: 0, partition: 0, address, path: target("x") })),
      ).toMatchObject({ kind: "failed", reason: "missing" });
      expect(existsSync(target("x"))).toBe(false);
    };
    expect(cache.locate(path, 0)).toBeDefined();
    truncateSync(path, 20_000);
    await missing();
    writeFileSync(path, "another file altogether");
    await missing();
    unlinkSync(path);
    await missing();
  });
});
