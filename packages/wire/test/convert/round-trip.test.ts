import type { AttemptResult, CoordinatorMessage, WorkerMessage } from "@millrace/core";
import { limits } from "@millrace/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeMessage, encodeMessage } from "../../src/codec/message-codec.ts";
import { submitHeader } from "../../src/convert/client-calls.ts";
import { createCoordinatorMessageDecoder, encodeCoordinatorMessage } from "../../src/convert/coordinator-packets.ts";
import { createWorkerMessageDecoder, encodeWorkerMessage } from "../../src/convert/worker-packets.ts";
import { attempt, coordinatorMessage, job, spec, workerMessage } from "../arbitraries.ts";
import { throughRequest, throughResponse } from "../protocol.ts";

const pageBytesMax = 1_024 * 1_024;

/** Send a worker's message through bytes; every packet keeps the size limit. */
function passWorker(value: WorkerMessage): WorkerMessage[] {
  const decoder = createWorkerMessageDecoder();
  return encodeWorkerMessage(value).flatMap((packet) => {
    const { raw, bytes } = throughRequest("WorkerService", "Session", packet);
    expect(bytes).toBeLessThanOrEqual(pageBytesMax);
    return decoder.decode(raw) ?? [];
  });
}

function passCoordinator(value: CoordinatorMessage): CoordinatorMessage[] {
  const decoder = createCoordinatorMessageDecoder();
  return encodeCoordinatorMessage(value).flatMap((packet) => {
    const { raw, bytes } = throughResponse("WorkerService", "Session", packet);
    expect(bytes).toBeLessThanOrEqual(pageBytesMax);
    return decoder.decode(raw) ?? [];
  });
}

describe("worker packets", () => {
  it("encodeWorkerMessage() and decode() give back every message", () => {
    fc.assert(
      fc.property(workerMessage, (value) => {
        expect(passWorker(value)).toEqual([value]);
      }),
      { numRuns: 500 },
    );
  });

  it("a long inventory goes in pages and comes back whole", () => {
    const [ref] = fc.sample(attempt, { numRuns: 1, seed: 1 });
    const [register] = fc.sample(
      workerMessage.filter((value) => value.kind === "register"),
      { numRuns: 1, seed: 1 },
    );
    if (ref === undefined || register?.kind !== "register") throw new Error("no sample");
    const held = Array.from({ length: 12_345 }, (_, task) => ({
      attempt: { ...ref, task },
      vectorDigest: "ab".repeat(16),
    }));
    const value = { ...register, inventory: { ...register.inventory, held } };
    expect(encodeWorkerMessage(value).length).toBe(4);
    expect(passWorker(value)).toEqual([value]);
  });

  it("a vector of the most partitions fits a message", () => {
    const count = limits.reducesMax;
    const vector = {
      pairs: Array.from({ length: count }, () => Number.MAX_SAFE_INTEGER),
      rawBytes: Array.from({ length: count }, () => Number.MAX_SAFE_INTEGER),
      digests: Array.from({ length: count }, () => "f".repeat(16)),
    };
    const [sample] = fc.sample(
      workerMessage.filter((value) => value.kind === "finished" && value.vector !== undefined),
      { numRuns: 1, seed: 2 },
    );
    if (sample?.kind !== "finished" || sample.result.run === undefined) throw new Error("no sample");
    const value: WorkerMessage = {
      ...sample,
      vector,
      result: { ...sample.result, run: { ...sample.result.run, partitions: count } },
    };
    expect(passWorker(value)).toEqual([value]);
  });

  it("a result with the most of everything is one message", () => {
    const [ref] = fc.sample(attempt, { numRuns: 1, seed: 1 });
    if (ref === undefined) throw new Error("no sample");
    const many = <T>(count: number, make: (index: number) => T): T[] =>
      Array.from({ length: count }, (_, at) => make(at));
    const uriOf = (index: number, characters: number): string => `file:///${index}/`.padEnd(characters, "n");
    const most = Number.MAX_SAFE_INTEGER;
    const uriCharacters = Math.floor(limits.splitUriBytesMax / limits.splitPartsMax);
    const result: AttemptResult = {
      attempt: ref,
      consumed: {
        kind: "splits",
        ranges: many(limits.splitPartsMax, (at) => ({ uri: uriOf(at, uriCharacters), begin: most, end: most })),
        records: most,
        badRecords: most,
        bytes: most,
      },
      run: {
        partitions: limits.reducesMax,
        storedBytes: most,
        pairs: most,
        rawBytes: most,
        vectorDigest: "f".repeat(32),
      },
      files: many(limits.outputsMax, (at) => ({
        output: String(at).padEnd(64, "o"),
        path: String(at).padEnd(512, "p"),
        bytes: most,
        records: most,
        crc32: 0xffff_ffff,
        firstKey: "f".repeat(128),
        lastKey: "f".repeat(128),
      })),
      counters: Object.fromEntries(
        many(2 * limits.countersMax, (at) => [String(at).padEnd(limits.counterNameCharactersMax, "€"), most]),
      ),
      badRecords: many(limits.badRecordSamplesMax, (at) => ({
        uri: uriOf(at, limits.uriCharactersMax),
        offset: most,
        reason: "€".repeat(1_024),
        text: "€".repeat(4_096),
      })),
      sample: many(limits.sampleKeysTaskMax, () => "f".repeat(2 * limits.sampleKeyBytesMax)),
      usage: { durationMs: most, cpuMs: most, peakRssBytes: most },
    };
    const vector = {
      pairs: many(limits.reducesMax, () => most),
      rawBytes: many(limits.reducesMax, () => most),
      digests: many(limits.reducesMax, () => "f".repeat(16)),
    };
    const packets = encodeWorkerMessage({ kind: "finished", result, vector });
    expect(packets).toHaveLength(1);
    expect(throughRequest("WorkerService", "Session", packets[0] ?? {}).bytes).toBeLessThan(limits.messageBytesMax);
  });

  it("decode() refuses a page without its register, and anything between register and the last page", () => {
    const page = {
      kind: "inventoryPage",
      inventoryPage: { running: [], gathering: [], unacknowledged: [], held: [], last: true },
    };
    expect(() => createWorkerMessageDecoder().decode(page)).toThrow(/no register came before/);
    const [register] = fc.sample(
      workerMessage.filter((value) => value.kind === "register"),
      { numRuns: 1, seed: 1 },
    );
    if (register === undefined) throw new Error("no sample");
    const decoder = createWorkerMessageDecoder();
    const [first] = encodeWorkerMessage(register).map(
      (packet) => throughRequest("WorkerService", "Session", packet).raw,
    );
    expect(decoder.decode(first)).toBeUndefined();
    expect(() => decoder.decode({ kind: "heartbeat", heartbeat: { progress: [], freeDiskBytes: 0 } })).toThrow(
      /not complete/,
    );
    expect(() => decoder.decode(first)).toThrow(/not complete/);
  });
});

describe("coordinator packets", () => {
  it("encodeCoordinatorMessage() and decode() give back every message", () => {
    fc.assert(
      fc.property(coordinatorMessage, (value) => {
        expect(passCoordinator(value)).toEqual([value]);
      }),
      { numRuns: 500 },
    );
  });

  it("a split of the most parts with the longest names goes in pages and comes back whole", () => {
    const [ref] = fc.sample(attempt, { numRuns: 1, seed: 1 });
    if (ref === undefined) throw new Error("no sample");
    const parts = Array.from({ length: limits.splitPartsMax }, (_, index) => ({
      uri: `file:///${index}/${"é".repeat(4_000)}`,
      offset: 0,
      bytes: 1,
      fileBytes: 1,
      modifiedMs: 1,
      codec: "none" as const,
    }));
    const value: CoordinatorMessage = {
      kind: "launch-map",
      attempt: ref,
      split: { input: 0, parts, bytes: 1_000, hosts: [] },
    };
    expect(passCoordinator(value)).toEqual([value]);
  });

  it("the most cuts of the longest keys are one message", () => {
    const cuts = Array.from({ length: limits.reducesMax - 1 }, (_, index) =>
      index.toString(16).padStart(2 * limits.sampleKeyBytesMax, "f"),
    );
    const [id] = fc.sample(job, { numRuns: 1, seed: 1 });
    if (id === undefined) throw new Error("no sample");
    const value: CoordinatorMessage = { kind: "ranges", job: id, stage: 1, cuts };
    expect(encodeCoordinatorMessage(value)).toHaveLength(1);
    expect(passCoordinator(value)).toEqual([value]);
    expect(() => passCoordinator({ ...value, cuts: ["f".repeat(130)] })).toThrow(/at most 64 bytes/);
  });

  it("verdicts and places of a large shuffle go in pages", () => {
    const [ref] = fc.sample(attempt, { numRuns: 1, seed: 1 });
    if (ref === undefined) throw new Error("no sample");
    const held = Array.from({ length: 250_000 }, () => "keep" as const);
    const registered = {
      kind: "registered",
      epoch: 1,
      leaseMs: 1,
      heartbeatMs: 1,
      running: ["kill"],
      gathering: [],
      held,
    };
    expect(passCoordinator(registered as unknown as CoordinatorMessage)).toEqual([registered]);
    const place = { attempt: 0, worker: "w-a", address: "127.0.0.1:1", pairs: 1, rawBytes: 2, digest: "00".repeat(8) };
    const places = Array.from({ length: 2_500 }, (_, task) => ({ task, ...place }));
    const pages = passCoordinator({ kind: "places", attempt: ref, places } as unknown as CoordinatorMessage);
    expect(pages.length).toBe(3);
    expect(pages.flatMap((page) => (page.kind === "places" ? page.places : []))).toEqual(places);
  });
});

describe("submitHeader", () => {
  it("gives back every spec", () => {
    fc.assert(
      fc.property(spec, fc.string({ maxLength: 128, unit: "grapheme-ascii" }), (value, idempotencyKey) => {
        const header = encodeMessage(submitHeader, { spec: value, idempotencyKey }, "SubmitHeader");
        const { raw } = throughRequest("JobService", "Submit", { header });
        const back = decodeMessage(submitHeader, (raw as { header?: unknown }).header, "SubmitHeader");
        expect(back).toEqual({ spec: value, idempotencyKey });
      }),
      { numRuns: 300 },
    );
  });

  it("refuses a value that the wire would change, naming the field", () => {
    const [value] = fc.sample(spec, { numRuns: 1, seed: 1 });
    if (value === undefined) throw new Error("no sample");
    const bad = { ...value, bundle: { ...value.bundle, bytes: 1.5 } };
    const encode = (): object => encodeMessage(submitHeader, { spec: bad, idempotencyKey: "" }, "SubmitHeader");
    expect(encode).toThrow(/field "spec\.bundle\.bytes" is not a safe integer, 1\.5/);
  });
});

describe("job ids", () => {
  it("keep their text", () => {
    fc.assert(
      fc.property(job, (value) => {
        expect(passCoordinator({ kind: "forget-job", job: value })).toEqual([{ kind: "forget-job", job: value }]);
      }),
    );
  });
});
