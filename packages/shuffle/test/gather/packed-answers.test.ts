// Packed answers between sources and gatherers on loopback, with links, cuts and damage in between. What links and the
// codec give is played: the clock moves with bytes.

import { readFileSync } from "node:fs";
import { Agent, createServer, request as httpRequest, type IncomingMessage } from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BlockCodec, SegmentVector } from "@millrace/data";
import type { SegmentOutcome, SegmentRequest, SegmentSource } from "@millrace/ports";
import type { Moment } from "../../src/gather/answer-meter.ts";
import { codingHeader, packedHeadBytes } from "../../src/coding/packed-block.ts";
import { fetchBatch } from "../../src/gather/fetch-batch.ts";
import { FetchItem } from "../../src/gather/fetch-item.ts";
import { createSegmentGatherer, segmentMac, shuffleLimits } from "../../src/index.ts";
import { nodeRunTools } from "../../src/run-tools.ts";
import { printSegmentOrders, segmentsPath } from "../../src/segment-request.ts";
import { slowLink, type SlowLink } from "../slow-link.ts";
import { playedClock, playedCodec } from "../played-codec.ts";
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
/** What the proxy really lets through: whatever is played, pieces come one at a time. */
const pace = 50 * MB;
const codec = playedCodec();
const loadCodec = (): Promise<typeof codec> => Promise.resolve(codec);

let directory: { readonly path: string; remove(): void };
const closers: (() => Promise<void>)[] = [];
beforeEach(() => (directory = makeDirectory()));
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  directory.remove();
});

/** @param options `codec: false` for an installation without the package. */
async function source(limits = {}, options = { codec: true }): Promise<Awaited<ReturnType<typeof serve>>> {
  const made = await serve(directory.path, limits, options.codec ? loadCodec : undefined);
  closers.push(() => made.close());
  return made;
}

function gatherer(clock: () => Moment, limits = {}): SegmentSource {
  const made = createSegmentGatherer({
    tools: nodeRunTools,
    clock,
    loadCodec,
    limits: { connectionsPerSource: 1, segmentsPerRequestMax: 1, ...limits },
  });
  closers.push(() => made.close());
  return made;
}

/** A link that gives so many bytes a second on the clock that comes with it. */
async function link(address: string, bytesPerSecond: number): Promise<SlowLink & { readonly clock: () => Moment }> {
  const made = await slowLink(address, pace);
  closers.push(() => made.close());
  return { ...made, clock: playedClock(made.carried, bytesPerSecond / 1_000, codec) };
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
  it("asks for packed answers on a link of 5 MB/s once it knows that, and gets the same files for fewer bytes", async () => {
    const vector = write(6);
    const { address, cache } = await source();
    const slow = await link(address, 5 * MB);
    const partitions = [0, 1, 2, 3, 4, 5];
    const outcomes = await fetchAll(gatherer(slow.clock), vector, { address: slow.address, partitions });
    // The codec is loaded and tried while the first one is under way, or the second.
    expect(packed(outcomes).slice(0, 1)).toEqual([false]);
    expect(packed(outcomes).slice(2)).toEqual([true, true, true, true]);
    expectWhole(cache, partitions);
    const bytes = outcomes.reduce((sum, outcome) => sum + (outcome.kind === "fetched" ? outcome.bytes : 0), 0);
    expect(slow.carried()).toBeLessThan(bytes * 0.6);
  });

  it("ends the raw answer of a long segment, and goes on packed where it ended, which is no cut", async () => {
    const path = runPath(directory.path, sourceOf(0));
    const vector = writeRun(path, { partitions: 1, pairs: () => 200_000, valueBytes: 60 });
    const { address, cache } = await source();
    const slow = await link(address, 5 * MB);
    const from = gatherer(slow.clock, { resumesMax: 0 });
    const [outcome] = await fetchAll(from, vector, { address: slow.address, partitions: [0] });
    expect(outcome).toMatchObject({ kind: "fetched" });
    expectWhole(cache, [0]);
    const { bytes } = outcome as { readonly bytes: number };
    expect(bytes).toBeGreaterThan(12 * MB);
    expect(slow.carried()).toBeLessThan(7 * MB);
  });

  it("packs where the link gives less than half of what the codec packs, and not where it gives more", async () => {
    const vector = write(6);
    const { address } = await source();
    const partitions = [0, 1, 2, 3, 4, 5];
    for (const [rate, last] of [
      [150 * MB, true],
      [260 * MB, false],
    ] as const) {
      const { address: through, clock } = await link(address, rate);
      const outcomes = await fetchAll(gatherer(clock), vector, { address: through, partitions });
      expect(packed(outcomes).at(-1), `${rate}`).toBe(last);
      if (!last) expect(packed(outcomes)).not.toContain(true);
    }
  });

  it("judges the codec by the shortest of several runs: any may be interrupted", async () => {
    const vector = write(3);
    const { address } = await source();
    const slow = await link(address, 5 * MB);
    let runs = 0;
    let lostMs = 0;
    const interrupted = {
      ...codec,
      compress: (raw: Uint8Array): Uint8Array => {
        runs += 1;
        if (runs % 5 !== 4) lostMs += 50;
        return codec.compress(raw);
      },
    };
    const made = createSegmentGatherer({
      tools: nodeRunTools,
      clock: () => ({ atMs: slow.clock().atMs + lostMs, busyMs: 0 }),
      loadCodec: () => Promise.resolve(interrupted),
      limits: { connectionsPerSource: 1, segmentsPerRequestMax: 1 },
    });
    closers.push(() => made.close());
    const outcomes = await fetchAll(made, vector, { address: slow.address, partitions: [0, 1, 2] });
    expect(packed(outcomes).at(-1)).toBe(true);
  });

  it("gets raw answers without a codec, or with one that fails, however slow the link is", async () => {
    const vector = write(4);
    const { address, cache } = await source();
    const partitions = [0, 1, 2, 3];
    const failing = {
      ...codec,
      compress: (): never => {
        throw new Error("no memory");
      },
    };
    const loads = [undefined, () => Promise.resolve(failing), () => Promise.reject(new Error("no such package"))];
    for (const load of loads) {
      const slow = await link(address, 5 * MB);
      const made = createSegmentGatherer({
        tools: nodeRunTools,
        clock: slow.clock,
        ...(load === undefined ? {} : { loadCodec: load }),
        limits: { connectionsPerSource: 1, segmentsPerRequestMax: 1 },
      });
      closers.push(() => made.close());
      const outcomes = await fetchAll(made, vector, { address: slow.address, partitions });
      expect(packed(outcomes)).toEqual([false, false, false, false]);
      expectWhole(cache, partitions);
    }
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
    const outcomes = await fetchAll(gatherer(slow.clock), vector, { address: slow.address, partitions });
    expect(packed(outcomes)).toEqual([false, false, false, false, false]);
    expectWhole(cache, partitions);
    expect(asked[0]).toBeUndefined();
    const tries = asked.filter((coding) => coding === "lz4").length;
    // Again after 2 s at the soonest: all of it takes half a second of the played clock.
    expect(tries).toBe(1);
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
    const from = gatherer(slow.clock, { resumesMax: 50 });
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
    const { address, cache } = await source();
    const answer = await recordPacked(address);
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
    const bring = (): Promise<SegmentOutcome> =>
      bringPacked(requestOf(vector, { task: 0, partition: 0, address: evil.address, path: target("x") }), codec);
    expect(await bring()).toMatchObject({ kind: "fetched" });
    const extent = cache.locate(runPath(directory.path, sourceOf(0)), 0)!;
    const run = readFileSync(runPath(directory.path, sourceOf(0)));
    const segment = run.subarray(extent.offset, extent.offset + extent.bytes);
    let same = 0;
    for (let flip = 0; flip < answer.length; flip += 1) {
      bytes = Buffer.from(answer);
      bytes[flip]! ^= 1 << (flip % 8);
      const outcome = await bring();
      // A copy from another place with the same bytes is no damage: what counts is that the segment is right.
      if (outcome.kind === "fetched") {
        same += 1;
        expect(readFileSync(target("x")).equals(segment), `byte ${flip}`).toBe(true);
      } else expect(outcome, `byte ${flip}`).toMatchObject({ kind: "failed" });
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

  it("lets the loop turn while it unpacks what a piece holds of many blocks: the codec's memory is freed then", async () => {
    // 64 MiB of zeros in a few pieces.
    const vector = writeRun(runPath(directory.path, sourceOf(0)), {
      partitions: 1,
      pairs: () => 64,
      valueBytes: 1024 * 1024,
    });
    const { address } = await source();
    const answer = await recordPacked(address);
    const evil = await serveRaw((socket) =>
      socket.once("data", () => {
        const head = `HTTP/1.1 200 OK\r\nContent-Length: ${answer.length}\r\n${codingHeader}: lz4\r\n\r\n`;
        socket.end(Buffer.concat([Buffer.from(head), answer]));
      }),
    );
    closers.push(() => evil.close());
    let turn = 0;
    let counting = true;
    const count = (): void => {
      turn += 1;
      if (counting) setImmediate(count);
    };
    setImmediate(count);
    const inTurn = new Map<number, number>();
    const counted = {
      ...codec,
      decompress: (stored: Uint8Array, rawBytes: number): Uint8Array => {
        inTurn.set(turn, (inTurn.get(turn) ?? 0) + rawBytes);
        return codec.decompress(stored, rawBytes);
      },
    };
    const outcome = await bringPacked(
      requestOf(vector, { task: 0, partition: 0, address: evil.address, path: target("x") }),
      counted,
    );
    counting = false;
    expect(outcome).toMatchObject({ kind: "fetched" });
    expect(Math.max(...inTurn.values())).toBeLessThan(5 * 1024 * 1024);
  });

  it("refuses a coding that it did not ask for", async () => {
    const vector = write(1);
    const evil = await serveRaw((socket) =>
      socket.once("data", () => socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 4\r\n${codingHeader}: zip\r\n\r\nabcd`)),
    );
    closers.push(() => evil.close());
    const clock = (): Moment => ({ atMs: 0, busyMs: 0 });
    expect(await fetchAll(gatherer(clock), vector, { address: evil.address, partitions: [0] })).toMatchObject([
      { kind: "failed", reason: "corrupt" },
    ]);
  });

  it("after a damaged packed answer asks for the segment once more, raw", async () => {
    const vector = write(5);
    const { address, cache } = await source();
    const slow = await link(address, 20 * MB);
    const from = gatherer(slow.clock, { resumesMax: 0 });
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
    // Not a complaint: the source is asked once more, for a raw answer.
    const after = await fetchAll(from, vector, { address: through, partitions: [3] });
    expect(after).toMatchObject([{ kind: "fetched" }]);
    expect(packed(after)).toEqual([false]);
    expectWhole(cache, [0, 1, 2, 3]);
  });
});

/** Ask for one segment, packed at once, as if the link were known. */
async function bringPacked(request: SegmentRequest, unpacks: BlockCodec): Promise<SegmentOutcome> {
  const agent = new Agent();
  const item = new FetchItem(request, new AbortController().signal, {
    tools: nodeRunTools,
    diskMs: shuffleLimits.diskMs,
    resumes: 0,
    onAbort: () => undefined,
  });
  const fault = await fetchBatch(
    {
      host: "127.0.0.1",
      port: Number(request.place.address.split(":")[1]),
      agent,
      limits: shuffleLimits,
      codec: unpacks,
      clock: () => ({ atMs: 0, busyMs: 0 }),
      link: { answers: 0 },
      stretchBytes: () => Infinity,
      isOutdated: () => false,
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
}

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
