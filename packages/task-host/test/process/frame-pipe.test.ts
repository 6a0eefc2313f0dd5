import type { Socket } from "node:net";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { hostLimits } from "../../src/host-limits.ts";
import { createFramePipe, createFrameSplitter, encodeFrame } from "../../src/process/frame-pipe.ts";

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

describe("createFramePipe()", () => {
  function begin(onMessage: (message: unknown) => void): { readonly from: PassThrough; readonly closed: string[] } {
    const [from, to] = [new PassThrough(), new PassThrough()];
    const closed: string[] = [];
    const streams = { from: from as unknown as Socket, to: to as unknown as Socket };
    createFramePipe(streams, { onMessage, onClosed: (reason) => closed.push(reason) });
    return { from, closed };
  }

  it("tells what came whole before a broken frame, and then that the pipe is closed", () => {
    const heard: unknown[] = [];
    const { from, closed } = begin((message) => heard.push(message));
    const head = Buffer.alloc(4);
    head.writeUInt32LE(3);
    from.emit("data", Buffer.concat([encodeFrame(1), encodeFrame(2), head, Buffer.from("{x}")]));
    expect(heard).toEqual([1, 2]);
    expect(closed).toEqual([expect.stringMatching(/^broken frame/)]);
  });

  it("does not take a bug of the one who hears a message for a broken frame", () => {
    const { from, closed } = begin(() => {
      throw new Error("a bug");
    });
    expect(() => from.emit("data", encodeFrame(1))).toThrow("a bug");
    expect(closed).toEqual([]);
  });
});
