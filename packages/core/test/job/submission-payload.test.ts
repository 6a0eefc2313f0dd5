import { describe, expect, it } from "vitest";
import { payloadBytes, payloadParts } from "../../src/job/submission-payload.ts";

const bundle = { sha256: "a".repeat(64), bytes: 3 };

describe("payloadParts()", () => {
  it("gives the bundle first, then each side file in order, without a gap", () => {
    const files = [
      { name: "b", sha256: "b".repeat(64), bytes: 2 },
      { name: "empty", sha256: "c".repeat(64), bytes: 0 },
      { name: "a", sha256: "d".repeat(64), bytes: 5 },
    ];
    expect(payloadParts({ bundle, files }).map(({ offset, bytes }) => [offset, bytes])).toEqual([
      [0, 3],
      [3, 2],
      [5, 0],
      [5, 5],
    ]);
    expect(payloadBytes({ bundle, files })).toBe(10);
  });

  it("gives the bundle alone for a job without side files", () => {
    expect(payloadParts({ bundle })).toEqual([{ sha256: bundle.sha256, offset: 0, bytes: 3 }]);
  });
});
