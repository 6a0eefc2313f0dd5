import { describe, expect, it } from "vitest";
import { hostLimits } from "../../src/host-limits.ts";
import { createFrameSplitter, encodeFrame } from "../../src/process/frame-pipe.ts";

describe("createFrameSplitter()", () => {
  const stream = Buffer.concat([encodeFrame({ a: 1 }), encodeFrame("é\n"), encodeFrame([])]);

  it("gives the same frames for every size of chunk", () => {
    for (let size = 1; size <= stream.length; size += 1) {
      const frames: string[] = [];
      const split = createFrameSplitter((body) => frames.push(body));
      for (let from = 0; from < stream.length; from += size) split(stream.subarray(from, from + size));
      expect(frames).toEqual(['{"a":1}', '"é\\n"', "[]"]);
    }
  });

  it("throws for a frame over the bound before it has its bytes", () => {
    const head = Buffer.alloc(4);
    head.writeUInt32LE(hostLimits.frameBytesMax + 1);
    expect(() => createFrameSplitter(() => undefined)(head)).toThrow(RangeError);
  });
});
