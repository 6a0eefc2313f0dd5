import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isWebHdfsError } from "../../src/index.ts";
import { type FakeCluster, startFakeCluster } from "../../src/testing/index.ts";
import { quickClient } from "../quick-client.ts";

const fileBytes = 50_000;
const data = Uint8Array.from({ length: fileBytes }, (_, index) => (index * 7 + (index >> 8)) & 255);

const fault = fc.option(
  fc.record({ times: fc.integer({ min: 1, max: 4 }), afterBytes: fc.integer({ min: 0, max: 30_000 }) }),
  { nil: undefined },
);

describe("any mixture of faults", () => {
  let cluster: FakeCluster;

  beforeAll(async () => {
    cluster = await startFakeCluster({ nameNodes: 2, dataNodes: 3, replication: 2, blockBytes: 8192 });
    const { hdfs } = quickClient({ nameNodes: cluster.nameNodes });
    await hdfs.create("/f", data);
    hdfs.close();
  });
  afterAll(async () => {
    await cluster.stop();
  });

  it("a read gives the right bytes, or an error: never other bytes, never fewer", async () => {
    const range = fc.record({
      offset: fc.integer({ min: 0, max: fileBytes + 10 }),
      length: fc.integer({ min: 0, max: fileBytes }),
    });
    const faults = fc.record({
      cutRead: fault,
      shortRead: fault,
      longRead: fault,
      chunkedReads: fc.boolean(),
      silentClose: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(range, faults, fc.boolean(), async ({ offset, length }, traps, perBlock) => {
        Object.assign(cluster.traps, traps);
        const { hdfs } = quickClient({ nameNodes: cluster.nameNodes });
        try {
          const into = new Uint8Array(length);
          const bytes = await hdfs.readInto("/f", offset, into, { perBlock });
          const expected = data.subarray(offset, offset + length);
          expect(bytes).toBe(expected.length);
          expect(Buffer.compare(into.subarray(0, bytes), expected)).toBe(0);
        } catch (error) {
          if (!isWebHdfsError(error)) throw error;
        } finally {
          hdfs.close();
        }
      }),
      { numRuns: 60 },
    );
  });

  it("a write that is confirmed is whole", async () => {
    Object.assign(cluster.traps, { cutRead: undefined, shortRead: undefined, longRead: undefined });
    const faults = fc.record({ cutWrite: fault, loseWrite: fault, lostReply: fault });
    let serial = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 40_000 }), faults, fc.boolean(), async (bytes, traps, streamed) => {
        Object.assign(cluster.traps, traps);
        const path = `/w${serial++}`;
        const { hdfs } = quickClient({ nameNodes: cluster.nameNodes });
        const body = data.subarray(0, bytes);
        try {
          expect(await hdfs.create(path, streamed ? [body] : body)).toBe(bytes);
          Object.assign(cluster.traps, { cutWrite: undefined, loseWrite: undefined, lostReply: undefined });
          expect(Buffer.compare(await hdfs.readFile(path), body)).toBe(0);
        } catch (error) {
          if (!isWebHdfsError(error)) throw error;
          expect(error.outcome).toBe("unknown");
        } finally {
          hdfs.close();
        }
      }),
      { numRuns: 60 },
    );
  });
});
