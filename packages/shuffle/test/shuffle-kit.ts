// A worker's side and a reader's side on loopback, with run files of known content, for the tests of this package.

import { closeSync, mkdtempSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { attemptName, type AttemptRef, type JobId, type SegmentPlace, type WorkerId } from "@millrace/core";
import { RunWriter, type SegmentVector } from "@millrace/data";
import type { SegmentOutcome, SegmentRequest, SegmentSource } from "@millrace/ports";
import { RunIndexCache } from "../src/run-reader.ts";
import { nodeRunTools } from "../src/run-tools.ts";
import { startSegmentServer, type SegmentServer } from "../src/server/segment-server.ts";
import type { SegmentServerOptions } from "../src/server/server-context.ts";
import type { ShuffleLimits } from "../src/shuffle-limits.ts";

export const job = `job-${"a".repeat(26)}` as JobId;
export const key = "5e".repeat(32);

export const sourceOf = (task: number): AttemptRef => ({ job, stage: 0, task, attempt: 0 });

/** A directory of its own, removed at the end. */
export function makeDirectory(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "millrace-shuffle-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export const runPath = (directory: string, ref: AttemptRef): string => join(directory, `${attemptName(ref)}.run`);

/** Write a run file: each partition gets `pairs(partition)` pairs of `valueBytes`. */
export function writeRun(
  path: string,
  shape: { readonly partitions: number; readonly pairs: (partition: number) => number; readonly valueBytes?: number },
): SegmentVector {
  const file = openSync(`${path}.part`, "w");
  const writer = new RunWriter({
    target: {
      write: (bytes) => void writeSync(file, bytes),
      finish: () => {
        closeSync(file);
        renameSync(`${path}.part`, path);
      },
      discard: () => undefined,
    },
    crc32: nodeRunTools.crc32,
    partitions: shape.partitions,
    kind: "values",
    sources: "single",
  });
  for (let partition = 0; partition < shape.partitions; partition += 1) {
    for (let pair = 0; pair < shape.pairs(partition); pair += 1) {
      const keyBytes = Buffer.from(`key ${String(pair).padStart(9, "0")}`);
      const value = Buffer.alloc(shape.valueBytes ?? 20, pair % 251);
      writer.append(partition, new Range(keyBytes), new Range(value));
    }
  }
  return writer.finish().vector;
}

class Range {
  bytes: Uint8Array;
  start = 0;
  end: number;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.end = bytes.length;
  }
  set(bytes: Uint8Array, start: number, end: number): this {
    Object.assign(this, { bytes, start, end });
    return this;
  }
  get length(): number {
    return this.end - this.start;
  }
}

/** Serve a directory of runs. */
export async function serve(
  directory: string,
  limits: Partial<ShuffleLimits> = {},
  loadCodec?: SegmentServerOptions["loadCodec"],
): Promise<SegmentServer & { readonly address: string; readonly cache: RunIndexCache }> {
  const cache = new RunIndexCache(nodeRunTools, 100_000);
  const server = await startSegmentServer({
    host: "127.0.0.1",
    port: 0,
    keyOf: (id) => (id === job ? key : undefined),
    locate: (source, partition) => Promise.resolve(cache.locate(runPath(directory, source), partition)),
    logPath: (attempt) => join(directory, `${attemptName(attempt)}.log`),
    ...(loadCodec === undefined ? {} : { loadCodec }),
    limits,
  });
  return { ...server, address: `127.0.0.1:${server.port}`, cache };
}

/** A request for a segment. */
export function requestOf(
  vector: SegmentVector,
  place: { readonly task: number; readonly partition: number; readonly address: string; readonly path: string },
): SegmentRequest {
  const { task, partition, address, path } = place;
  const expected: SegmentPlace = {
    task,
    attempt: 0,
    worker: "w-2" as WorkerId,
    address,
    pairs: vector.pairs[partition] ?? 0,
    rawBytes: vector.rawBytes[partition] ?? 0,
    digest: vector.digests[partition] ?? "",
  };
  return {
    reader: { job, stage: 1, task: partition, attempt: 0 },
    source: sourceOf(task),
    partition,
    place: expected,
    shuffleKey: key,
    path,
  };
}

/** Fetch with nobody giving up. */
export const fetchOne = (gatherer: SegmentSource, request: SegmentRequest): Promise<SegmentOutcome> =>
  gatherer.fetch(request, new AbortController().signal);

/** A server of raw bytes: what a broken, lying or hostile source does. */
export async function serveRaw(
  onSocket: (socket: Socket) => void,
): Promise<{ readonly address: string; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
