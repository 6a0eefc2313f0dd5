import { isMillraceError } from "@millrace/core";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeMessage, encodeMessage } from "../../src/codec/message-codec.ts";
import { submitHeader } from "../../src/convert/client-calls.ts";
import { coordinatorPacket, encodeCoordinatorMessage } from "../../src/convert/coordinator-packets.ts";
import { encodeWorkerMessage, workerPacket } from "../../src/convert/worker-packets.ts";
import { coordinatorMessage, spec, workerMessage } from "../arbitraries.ts";
import { throughRequest, throughResponse } from "../protocol.ts";

const garbage: readonly unknown[] = [
  undefined,
  null,
  -1,
  1.5,
  2 ** 53,
  Number.NaN,
  "",
  "\0\u{202e}",
  "../../etc/passwd",
  "x".repeat(300_000),
  true,
  [],
  [null],
  {},
  { kind: "nothing" },
  99,
  Buffer.from([1, 2, 3]),
];

type Path = readonly (string | number)[];

/** List the paths of all leaves and inner nodes below a value. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([name, inner]) =>
      pathsOf(inner, [...path, Array.isArray(value) ? Number(name) : name]),
    ),
  ];
}

function replaceAt(value: unknown, path: Path, replacement: unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return replacement;
  const copy: Record<string | number, unknown> | unknown[] = Array.isArray(value)
    ? [...value]
    : { ...(value as object) };
  (copy as Record<string | number, unknown>)[head] = replaceAt(
    (value as Record<string | number, unknown>)[head],
    rest,
    replacement,
  );
  return copy;
}

/** Decode with one node replaced by each piece of garbage: accepted, or refused by E_MESSAGE that names a field. */
function expectDecided(decode: (raw: unknown) => unknown, raw: object): number {
  let refused = 0;
  for (const path of pathsOf(raw)) {
    for (const bad of garbage) {
      try {
        decode(replaceAt(raw, path, bad));
      } catch (thrown) {
        if (!isMillraceError(thrown)) throw thrown;
        expect(thrown.code).toBe("E_MESSAGE");
        expect(thrown.details["field"]).toBeTypeOf("string");
        expect(thrown.message.length).toBeLessThan(1_000);
        refused++;
      }
    }
  }
  return refused;
}

describe("garbage in every field is refused by name, or is a valid value", () => {
  it("of worker packets", () => {
    for (const value of fc.sample(workerMessage, { numRuns: 60, seed: 7 })) {
      for (const packet of encodeWorkerMessage(value)) {
        const { raw } = throughRequest("WorkerService", "Session", packet);
        expect(expectDecided((bad) => decodeMessage(workerPacket, bad, "WorkerMessage"), raw)).toBeGreaterThan(0);
      }
    }
  });

  it("of coordinator packets", () => {
    for (const value of fc.sample(coordinatorMessage, { numRuns: 60, seed: 7 })) {
      for (const packet of encodeCoordinatorMessage(value)) {
        const { raw } = throughResponse("WorkerService", "Session", packet);
        expect(
          expectDecided((bad) => decodeMessage(coordinatorPacket, bad, "CoordinatorMessage"), raw),
        ).toBeGreaterThan(0);
      }
    }
  });

  it("of submissions", () => {
    for (const value of fc.sample(spec, { numRuns: 20, seed: 7 })) {
      const header = encodeMessage(submitHeader, { spec: value, idempotencyKey: "" }, "SubmitHeader");
      const { raw } = throughRequest("JobService", "Submit", { header });
      const whole = (raw as { header: object }).header;
      expect(expectDecided((bad) => decodeMessage(submitHeader, bad, "SubmitHeader"), whole)).toBeGreaterThan(0);
    }
  });

  it("decodeMessage() names nested fields with their index", () => {
    const [value] = fc.sample(
      spec.filter((one) => one.inputs.length === 2),
      { numRuns: 1, seed: 3 },
    );
    if (value === undefined) throw new Error("no sample");
    const header = encodeMessage(submitHeader, { spec: value, idempotencyKey: "" }, "SubmitHeader");
    const { raw } = throughRequest("JobService", "Submit", { header });
    const bad = replaceAt((raw as { header: object }).header, ["spec", "inputs", 1, "format", "splitting"], 99);
    const field = (): unknown => decodeMessage(submitHeader, bad, "SubmitHeader");
    expect(field).toThrow('field "spec.inputs[1].format.splitting" is not a known value, 99');
  });

  it("an output path that leaves its directory is refused", () => {
    const result = (path: string): unknown => ({
      kind: "finished",
      finished: {
        result: {
          attempt: { job: `job-${"0".repeat(26)}`, stage: 0, task: 0, attempt: 0 },
          consumed: { kind: "segments", segments: { maps: 0, pairs: 0, rawBytes: 0, digest: Buffer.alloc(8) } },
          files: [{ output: "", path, bytes: 0, records: 0, crc32: 0 }],
          counters: [],
          badRecords: [],
          usage: { durationMs: 0, cpuMs: 0, peakRssBytes: 0 },
        },
      },
    });
    for (const path of ["../x", "a/../../x", "/etc/passwd", "a//b", "a/./b", ".", "..", "a/", "", "a\0b", "a\\b"]) {
      expect(() => decodeMessage(workerPacket, result(path), "WorkerMessage"), path).toThrow(/files\[0\]\.path/);
    }
    expect(() => decodeMessage(workerPacket, result("a/..b/c.txt"), "WorkerMessage")).not.toThrow();
  });
});
