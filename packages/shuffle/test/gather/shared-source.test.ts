// Two jobs that gather from one source: neither waits for the other, and what connections there are serve both.

import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { JobId } from "@millrace/core";
import type { SegmentVector } from "@millrace/data";
import type { SegmentOutcome, SegmentRequest, SegmentSource } from "@millrace/ports";
import { createSegmentGatherer, segmentMac } from "../../src/index.ts";
import { nodeRunTools } from "../../src/run-tools.ts";
import { printSegmentOrders, segmentsPath } from "../../src/segment-request.ts";
import { job, key, makeDirectory, requestOf, runPath, serve, sourceOf, writeRun } from "../shuffle-kit.ts";

const otherJob = `job-${"b".repeat(26)}` as JobId;

const kindsOf = async (fetches: readonly Promise<SegmentOutcome>[]): Promise<readonly string[]> =>
  (await Promise.all(fetches)).map(({ kind }) => kind);

/** A source that answers when it is told to. */
interface HeldSource {
  readonly server: Server;
  readonly address: string;
  /** Requests that wait for their answer. */
  readonly held: ServerResponse[];
  /** Connections that were ever made. */
  connections: number;
  /** Answer all that wait. */
  answer(): void;
}

async function holdSource(answer: Buffer): Promise<HeldSource> {
  const held: ServerResponse[] = [];
  const server = createServer((request, response) => void request.resume().on("end", () => held.push(response)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const source: HeldSource = {
    server,
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    held,
    connections: 0,
    answer: () => {
      for (const response of held.splice(0)) response.setHeader("content-length", answer.length).end(answer);
    },
  };
  server.on("connection", () => (source.connections += 1));
  return source;
}

describe("createSegmentGatherer() of two jobs and one source", () => {
  let directory: ReturnType<typeof makeDirectory>;
  let vector: SegmentVector;
  let source: HeldSource;
  let gatherer: SegmentSource;
  let files = 0;
  beforeEach(async () => {
    directory = makeDirectory();
    vector = writeRun(runPath(directory.path, sourceOf(0)), { partitions: 1, pairs: () => 40 });
    source = await holdSource(await recordAnswer());
    gatherer = createSegmentGatherer({
      tools: nodeRunTools,
      limits: { connectionsPerSource: 2, segmentsPerRequestMax: 1, connectTimeoutMs: 1_000 },
    });
  });
  afterEach(async () => {
    await gatherer.close();
    source.server.closeAllConnections();
    source.server.close();
    directory.remove();
  });

  const requestFrom = (address: string): SegmentRequest =>
    requestOf(vector, { task: 0, partition: 0, address, path: join(directory.path, `${files++}.segment`) });

  /** The bytes of a whole answer, as the real server gives them. */
  async function recordAnswer(): Promise<Buffer> {
    const server = await serve(directory.path);
    const order = { source: sourceOf(0), partition: 0, offset: 0, mac: segmentMac(key, sourceOf(0), 0) };
    const body = printSegmentOrders([order]);
    const response = await fetch(`http://${server.address}${segmentsPath(job)}`, { method: "POST", body });
    const bytes = Buffer.from(await response.arrayBuffer());
    await server.close();
    return bytes;
  }

  const fetchFor = (id: JobId, signal = new AbortController().signal): Promise<SegmentOutcome> => {
    const request = requestFrom(source.address);
    return gatherer.fetch({ ...request, source: { ...request.source, job: id } }, signal);
  };
  const untilHeld = (count: number): Promise<void> => expect.poll(() => source.held.length).toBe(count);

  it("asks for a job's segments while all connections of the other wait for their answers", async () => {
    const slow = [fetchFor(job), fetchFor(job)];
    await untilHeld(2);
    const other = fetchFor(otherJob);
    await untilHeld(3);
    source.answer();
    expect(await kindsOf([...slow, other])).toEqual(["fetched", "fetched", "fetched"]);
  });

  it("gives up a job's fetch at once while all connections of the other wait for their answers", async () => {
    const slow = [fetchFor(job), fetchFor(job)];
    await untilHeld(2);
    const controller = new AbortController();
    const other = fetchFor(otherJob, controller.signal);
    setImmediate(() => setImmediate(() => controller.abort()));
    expect(await other).toMatchObject({ kind: "failed", message: "The fetch was cancelled" });
    source.answer();
    expect(await kindsOf(slow)).toEqual(["fetched", "fetched"]);
  });

  it("makes no more connections than both jobs may have, keeps as many as one may, and uses them again", async () => {
    const rounds = [job, otherJob, job, otherJob, job, otherJob].map((id) => fetchFor(id));
    await untilHeld(4);
    expect(source.connections).toBe(4);
    source.answer();
    await untilHeld(2);
    source.answer();
    await Promise.all(rounds);
    const open = (): Promise<number> =>
      new Promise((resolve) => source.server.getConnections((_error, count) => resolve(count)));
    await expect.poll(open).toBe(2);
    const { connections } = source;
    for (const id of [job, otherJob, job, otherJob]) {
      const pair = [fetchFor(id), fetchFor(id)];
      await untilHeld(2);
      source.answer();
      expect(await kindsOf(pair)).toEqual(["fetched", "fetched"]);
    }
    expect(source.connections).toBe(connections);
  });
});
