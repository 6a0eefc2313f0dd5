// What a source sends to who asks for packed answers: the bytes of a raw answer in blocks, and never a clean end too soon.

import { truncateSync } from "node:fs";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BlockUnpacker } from "../src/coding/block-unpacker.ts";
import { codingHeader } from "../src/coding/packed-block.ts";
import { segmentMac, type SegmentServer } from "../src/index.ts";
import { printSegmentOrders, segmentsPath } from "../src/segment-request.ts";
import { playedCodec } from "./played-codec.ts";
import { job, key, makeDirectory, runPath, serve, sourceOf, writeRun } from "./shuffle-kit.ts";

const codec = playedCodec();
let directory: { readonly path: string; remove(): void };
const servers: SegmentServer[] = [];
beforeEach(() => (directory = makeDirectory()));
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  directory.remove();
});

async function source(limits: Parameters<typeof serve>[1], withCodec = true): Promise<SegmentServer> {
  const made = await serve(directory.path, limits, withCodec ? () => Promise.resolve(codec) : undefined);
  servers.push(made);
  return made;
}

/** An answer, whole or cut. */
interface Answer {
  readonly response: IncomingMessage;
  readonly body: Buffer;
  readonly complete: boolean;
}

/** @param onHead called when the head of the answer is here. */
function ask(
  server: SegmentServer,
  order: { readonly offset: number; readonly coding?: string },
  onHead: () => void = () => undefined,
): Promise<Answer> {
  const mac = segmentMac(key, sourceOf(0), 0);
  const body = printSegmentOrders([{ source: sourceOf(0), partition: 0, offset: order.offset, mac }]);
  const { promise, resolve } = Promise.withResolvers<Answer>();
  const request = httpRequest(
    {
      host: "127.0.0.1",
      port: server.port,
      method: "POST",
      path: segmentsPath(job),
      headers: {
        "content-length": body.length,
        ...(order.coding === undefined ? {} : { [codingHeader]: order.coding }),
      },
    },
    (response) => {
      onHead();
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("error", () => undefined);
      response.on("close", () => resolve({ response, body: Buffer.concat(pieces), complete: response.complete }));
    },
  );
  request.end(body);
  return promise;
}

function unpack(packed: Buffer): Buffer {
  const blocks = [...new BlockUnpacker(codec).push(packed)];
  expect(blocks.reduce((sum, { wireBytes }) => sum + wireBytes, 0)).toBe(packed.length);
  return Buffer.concat(blocks.map(({ bytes }) => bytes));
}

describe("a source with LZ4", () => {
  it("sends the bytes of a raw answer, from any offset, in chunks of any length", async () => {
    writeRun(runPath(directory.path, sourceOf(0)), { partitions: 1, pairs: () => 9_000, valueBytes: 40 });
    for (const chunkBytes of [1024 * 1024, 100_001, 4_096]) {
      const server = await source({ chunkBytes });
      for (const offset of [0, 1, 131_072, 200_003]) {
        const raw = await ask(server, { offset });
        const packed = await ask(server, { offset, coding: "lz4" });
        expect(raw.response.headers).toMatchObject({ "content-length": String(raw.body.length) });
        expect(packed.response.headers).toMatchObject({ [codingHeader]: "lz4" });
        expect(packed.complete).toBe(true);
        expect(packed.body.length).toBeLessThan(raw.body.length / 2);
        expect(unpack(packed.body).equals(raw.body)).toBe(true);
      }
    }
  });

  it("sends raw answers to who asks for another coding, and to all where it has no codec", async () => {
    writeRun(runPath(directory.path, sourceOf(0)), { partitions: 1, pairs: () => 100 });
    const [one, without] = [await source({}), await source({}, false)];
    for (const [server, coding] of [
      [one, "zip"],
      [one, "LZ4"],
      [one, ""],
      [without, "lz4"],
    ] as const) {
      const { response, body } = await ask(server, { offset: 0, coding });
      expect(response.headers[codingHeader]).toBeUndefined();
      expect(response.headers["content-length"]).toBe(String(body.length));
    }
  });

  it("cuts the connection when its file is truncated on the way: never a clean end", async () => {
    const path = runPath(directory.path, sourceOf(0));
    writeRun(path, { partitions: 1, pairs: () => 4_000, valueBytes: 10_000 });
    const server = await source({ chunkBytes: 64 * 1024 });
    const { body, complete } = await ask(server, { offset: 0, coding: "lz4" }, () => truncateSync(path, 1_000_000));
    expect(complete).toBe(false);
    expect(body.length).toBeLessThan(40_000_000);
  });
});
