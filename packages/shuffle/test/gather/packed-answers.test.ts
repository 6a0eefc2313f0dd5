// Packed answers for real: sources and gatherers on loopback, with slow links, cuts and damage in between.

import { readFileSync } from "node:fs";
import { Agent, createServer, request as httpRequest, type IncomingMessage } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SegmentVector } from "@millrace/data";
import type { SegmentOutcome, SegmentSource } from "@millrace/ports";
import { loadLz4 } from "../../src/coding/lz4-codec.ts";
import { codingHeader, packedHeadBytes } from "../../src/coding/packed-block.ts";
import { fetchBatch } from "../../src/gather/fetch-batch.ts";
import { FetchItem } from "../../src/gather/fetch-item.ts";
import { createSegmentGatherer, segmentMac, shuffleLimits } from "../../src/index.ts";
import { nodeRunTools } from "../../src/run-tools.ts";
import { printSegmentOrders, segmentsPath } from "../../src/segment-request.ts";
import { slowLink, type SlowLink } from "../slow-link.ts";
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
} from "../shuffle-kit.ts";

const MB = 1_000_000;

let directory: { readonly path: string; remove(): void };
const closers: (() => Promise<void>)[] = [];
beforeEach(() => (directory = makeDirectory()));
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  directory.remove();
});

/** @param options `codec: false` for an installation without the package. */
async function source(limits = {}, options = { codec: true }): Promise<Awaited<ReturnType<typeof serve>>> {
  const made = await serve(directory.path, limits, options.codec ? loadLz4 : undefined);
  closers.push(() => made.close());
  return made;
}

function gatherer(limits = {}, now = () => performance.now()): SegmentSource {
  const made = createSegmentGatherer({
    tools: nodeRunTools,
    now,
    loadCodec: loadLz4,
    limits: { connectionsPerSource: 1, segmentsPerRequestMax: 1, ...limits },
  });
  closers.push(() => made.close());
  return made;
}

async function link(address: string, bytesPerSecond: number): Promise<SlowLink> {
  const made = await slowLink(address, bytesPerSecond);
  closers.push(() => made.close());
  return made;
}

/** Partitions of 2 MB that LZ4 makes a tenth of or less. */
function write(partitions: number): SegmentVector {
  return writeRun(runPath(directory.path, sourceOf(0)), { partitions, pairs: () => 24_000, valueBytes: 60 });
}

const target = (name: string): string => join(directory.path, `${name}.segment`);

/** Fetch partitions one after the other. */
async function fetchAll(
  from: SegmentSource,
  vector: SegmentVector,
  { address, partitions }: { readonly address: string; readonly partitions: readonly number[] },
): Promise<readonly SegmentOutcome[]> {
  const outcomes: SegmentOutcome[] = [];
  for (const partition of partitions)
    outcomes.push(
      await fetchOne(from, requestOf(vector, { task: 0, partition, address, path: target(`${partition}`) })),
    );
  return outcomes;
}

/** Which outcomes came packed. */
const packed = (outcomes: readonly SegmentOutcome[]): readonly boolean[] =>
  outcomes.map((outcome) => outcome.kind === "fetched" && outcome.wireBytes < outcome.bytes / 2);

/** What is on this disk is what is in the run file, byte for byte. */
function expectWhole(cache: { locate(path: string, partition: number): unknown }, partitions: readonly number[]): void {
  const path = runPath(directory.path, sourceOf(0));
  const run = readFileSync(path);
  for (const partition of partitions) {
    const { offset, bytes } = cache.locate(path, partition) as { readonly offset: number; readonly bytes: number };
    expect(readFileSync(target(`${partition}`)).equals(run.subarray(offset, offset + bytes)), `${partition}`).toBe(
      true,
    );
  }
}

describe("a gatherer with LZ4", () => {
  it("asks for packed answers on a link of 5 MB/s once it knows that, and gets the same files in less time", async () => {
    const vector = write(6);
    const { address, cache } = await source();
    const slow = await link(address, 5 * MB);
    const partitions = [0, 1, 2, 3, 4, 5];
    const times: number[] = [];
    const from = gatherer();
    const outcomes: SegmentOutcome[] = [];
    for (const partition of partitions) {
      const began = performance.now();
      outcomes.push(...(await fetchAll(from, vector, { address: slow.address, partitions: [partition] })));
      times.push(performance.now() - began);
    }
    // The codec is loaded and tried while the second one is under way.
    expect(packed(outcomes).slice(0, 1)).toEqual([false]);
    expect(packed(outcomes).slice(2)).toEqual([true, true, true, true]);
    expectWhole(cache, partitions);
    const bytes = outcomes.reduce((sum, outcome) => sum + (outcome.kind === "fetched" ? outcome.bytes : 0), 0);
    expect(slow.carried()).toBeLessThan(bytes * 0.6);
    // The link alone takes 0.3 s for a raw one and 40 ms for a packed one, of which the best counts.
    expect(times[0]).toBeGreaterThan(250);
    expect(Math.min(...times.slice(1))).toBeLessThan(times[0]! * 0.6);
  });

  it("asks for raw ones on loopback, which is faster than the codec", async () => {
    const vector = write(12);
    const { address } = await source();
    // Source, gatherer and test share a thread here, on a machine with other work: its clock runs slower for that.
    const from = gatherer({}, () => performance.now() / 1_000);
    const outcomes = await fetchAll(from, vector, { address, partitions: Array.from({ length: 12 }, (_, at) => at) });
    expect(packed(outcomes)).not.toContain(true);
  });

  it("gets raw answers from a source that knows no packing or lacks the package, and soon asks for nothing else", async () => {
    const vector = write(5);
    const { address, cache } = await source({}, { codec: false });
    const asked: (string | string[] | undefined)[] = [];
    const relay = createServer((request, response) => {
      asked.push(request.headers[codingHeader]);
      const upstream = httpRequest(
        { host: "127.0.0.1", port: address.split(":")[1], method: "POST", path: request.url, headers: request.headers },
        (answer: IncomingMessage) => {
          response.writeHead(answer.statusCode ?? 0, answer.headers);
          answer.pipe(response);
        },
      );
      request.pipe(upstream);
    });
    await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
    closers.push(() => new Promise((resolve) => relay.close(() => resolve())));
    const slow = await link(`127.0.0.1:${(relay.address() as AddressInfo).port}`, 20 * MB);
    const partitions = [0, 1, 2, 3, 4];
    const outcomes = await fetchAll(gatherer(), vector, { address: slow.address, partitions });
    expect(packed(outcomes)).toEqual([false, false, false, false, false]);
    expectWhole(cache, partitions);
    expect(asked[0]).toBeUndefined();
    const tries = asked.filter((coding) => coding === "lz4").length;
    // Again after 2 s at the soonest.
    expect(tries).toBeGreaterThan(0);
    expect(tries).toBeLessThan(3);
  });

  it("goes on after cuts in the middle of packed blocks, at any place, and the file is the same", async () => {
    const vector = write(8);
    const { address, cache } = await source();
    const slow = await link(address, 20 * MB);
    let cutAfter = Infinity;
    let cuts = 0;
    // Cuts each answer after so many bytes of the wire.
    const flaky = await serveRaw((reader: Socket) => {
      const upstream = connect(Number(slow.address.split(":")[1]), "127.0.0.1");
      let left = cutAfter;
      reader.on("data", (request) => {
        left = cutAfter;
        upstream.write(request);
      });
      upstream.on("data", (bytes) => {
        reader.write(bytes.subarray(0, left));
        left -= bytes.length;
        if (left > 0) return;
        cuts += 1;
        upstream.destroy();
        reader.destroySoon();
      });
      upstream.on("error", () => undefined);
      reader.on("close", () => upstream.destroy());
    });
    closers.push(() => flaky.close());
    const from = gatherer({ resumesMax: 50 });
    const first = await fetchAll(from, vector, { address: flaky.address, partitions: [0, 1, 2] });
    expect(packed(first).at(-1)).toBe(true);
    for (const [index, bytes] of [30_001, 41_007, 50_000, 63_123].entries()) {
      cutAfter = bytes;
      const before = cuts;
      const [outcome] = await fetchAll(from, vector, { address: flaky.address, partitions: [3 + index] });
      expect(outcome, `cut after ${bytes}`).toMatchObject({ kind: "fetched" });
      expect(cuts - before, `cut after ${bytes}`).toBeGreaterThan(0);
    }
    expectWhole(cache, [0, 1, 2, 3, 4, 5, 6]);
  });

  it("finds every flipped byte and every cut of a packed answer", async () => {
    const vector = writeRun(runPath(directory.path, sourceOf(0)), { partitions: 1, pairs: () => 60, valueBytes: 60 });
    const { address } = await source();
    const answer = await recordPacked(address);
    const lz4 = (await loadLz4())!;
    let bytes: Buffer = answer;
    const evil = await serveRaw((socket) =>
      socket.once("data", () =>
        socket.end(
          Buffer.concat([
            Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes.length}\r\n${codingHeader}: lz4\r\n\r\n`),
            bytes,
          ]),
        ),
      ),
    );
    closers.push(() => evil.close());
    const bring = async (): Promise<SegmentOutcome> => {
      // Asked for at once: as if the link were known.
      const agent = new Agent();
      const request = requestOf(vector, { task: 0, partition: 0, address: evil.address, path: target("x") });
      const item = new FetchItem(request, new AbortController().signal, {
        tools: nodeRunTools,
        resumes: 0,
        onAbort: () => undefined,
      });
      const port = Number(evil.address.split(":")[1]);
      const fault = await fetchBatch(
        {
          host: "127.0.0.1",
          port,
          agent,
          limits: shuffleLimits,
          codec: lz4,
          now: () => 0,
          link: { answers: 0 },
          onAnswer: () => undefined,
        },
        [item],
        new AbortController().signal,
      );
      if (!item.settled) {
        if (fault !== undefined) item.writer.fail(fault.reason, fault.message);
        await item.finish();
      }
      agent.destroy();
      return item.outcome;
    };
    expect(await bring()).toMatchObject({ kind: "fetched" });
    let same = 0;
    for (let flip = 0; flip < answer.length; flip += 1) {
      bytes = Buffer.from(answer);
      bytes[flip]! ^= 1 << (flip % 8);
      const outcome = await bring();
      // A copy from another place with the same bytes is no damage: what counts is that the segment is right.
      if (outcome.kind === "fetched") same += 1;
      else expect(outcome, `byte ${flip}`).toMatchObject({ kind: "failed" });
    }
    expect(same).toBeLessThan(answer.length / 10);
    for (let cut = 0; cut < answer.length; cut += 3) {
      bytes = answer.subarray(0, cut);
      expect(await bring(), `cut at ${cut}`).toMatchObject({ kind: "failed", reason: "cut" });
    }
    // A head that announces 4 GiB.
    bytes = Buffer.concat([Buffer.alloc(packedHeadBytes, 0xff), answer]);
    expect(await bring()).toMatchObject({ kind: "failed", reason: "corrupt" });
  });

  it("refuses a coding that it did not ask for", async () => {
    const vector = write(1);
    const evil = await serveRaw((socket) =>
      socket.once("data", () => socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 4\r\n${codingHeader}: zip\r\n\r\nabcd`)),
    );
    closers.push(() => evil.close());
    expect(await fetchAll(gatherer(), vector, { address: evil.address, partitions: [0] })).toMatchObject([
      { kind: "failed", reason: "corrupt" },
    ]);
  });

  it("after a damaged packed answer asks for a raw one", async () => {
    const vector = write(5);
    const { address, cache } = await source();
    const slow = await link(address, 20 * MB);
    const from = gatherer({ resumesMax: 0 });
    let damage = false;
    const relay = createServer((request, response) => {
      const upstream = httpRequest(
        {
          host: "127.0.0.1",
          port: slow.address.split(":")[1],
          method: "POST",
          path: request.url,
          headers: request.headers,
        },
        (answer: IncomingMessage) => {
          response.writeHead(answer.statusCode ?? 0, answer.headers);
          answer.on("data", (bytes: Buffer) =>
            response.write(damage && answer.headers[codingHeader] === "lz4" ? bytes.fill(255) : bytes),
          );
          answer.on("end", () => response.end());
          answer.on("error", () => response.destroy());
        },
      );
      upstream.on("error", () => response.destroy());
      request.pipe(upstream);
      response.on("close", () => upstream.destroy());
    });
    await new Promise<void>((resolve) => relay.listen(0, "127.0.0.1", resolve));
    closers.push(
      () =>
        new Promise((resolve) => {
          relay.close(() => resolve());
          relay.closeAllConnections();
        }),
    );
    const through = `127.0.0.1:${(relay.address() as AddressInfo).port}`;
    const first = await fetchAll(from, vector, { address: through, partitions: [0, 1, 2] });
    expect(packed(first).at(-1)).toBe(true);
    damage = true;
    expect(await fetchAll(from, vector, { address: through, partitions: [3] })).toMatchObject([
      { kind: "failed", reason: "corrupt" },
    ]);
    expect(await fetchAll(from, vector, { address: through, partitions: [3] })).toMatchObject([{ kind: "fetched" }]);
    expectWhole(cache, [0, 1, 2, 3]);
  });
});

/** The whole packed answer of a source. */
function recordPacked(address: string): Promise<Buffer> {
  const body = printSegmentOrders([
    { source: sourceOf(0), partition: 0, offset: 0, mac: segmentMac(key, sourceOf(0), 0) },
  ]);
  const { promise, resolve } = Promise.withResolvers<Buffer>();
  const request = httpRequest(
    {
      host: "127.0.0.1",
      port: address.split(":")[1],
      method: "POST",
      path: segmentsPath(job),
      headers: { "content-length": body.length, [codingHeader]: "lz4" },
    },
    (response) => {
      expect(response.headers[codingHeader]).toBe("lz4");
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("end", () => resolve(Buffer.concat(pieces)));
    },
  );
  request.end(body);
  return promise;
}
