// All frames, or an error with an offset: Node's own stream drops a frame that begins in the chunk in which one ends.

import { constants, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { outcomeOf } from "./chunk-source.ts";

const frame = (text: string): Buffer => zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
const skippable = (bytes: number, magic = 0x50): Buffer =>
  Buffer.from([magic, 0x2a, 0x4d, 0x18, bytes & 0xff, bytes >> 8, 0, 0, ...Buffer.alloc(bytes, 0x28)]);
const chunkSizes = [1, 2, 3, 5, 8, 13, 18, 19, 20, 4096];

describe("decompress() of zstd", () => {
  const files: readonly (readonly [string, Buffer, string])[] = [
    ["one frame", frame("hello\n"), "hello\n"],
    ["an empty frame", frame(""), ""],
    ["two frames", Buffer.concat([frame("hello\n"), frame("world\n")]), "hello\nworld\n"],
    [
      "a skippable frame at each side",
      Buffer.concat([skippable(3), frame("hello\n"), skippable(300, 0x5f), frame("world\n"), skippable(0)]),
      "hello\nworld\n",
    ],
    ["frames without check sum", Buffer.concat([zstdCompressSync("a"), zstdCompressSync("b")]), "ab"],
    [
      "fifty frames",
      Buffer.concat(Array.from({ length: 50 }, (_, index) => frame(`${index}\n`))),
      Array.from({ length: 50 }, (_, index) => `${index}\n`).join(""),
    ],
  ];
  it.each(files)("gives all data of %s, however the source cuts it", async (_what, file, text) => {
    for (const size of chunkSizes) expect(await outcomeOf("zstd", file, size), `chunks of ${size}`).toEqual({ text });
  });

  it("refuses a file cut off anywhere but between frames", async () => {
    const parts = [frame("hello\n"), skippable(5), frame("world\n")];
    const file = Buffer.concat(parts);
    const ends = parts.map((_, index) => Buffer.concat(parts.slice(0, index + 1)).length);
    for (let length = 0; length < file.length; length++) {
      const outcome = await outcomeOf("zstd", file.subarray(0, length), 4);
      if (ends.includes(length)) expect(outcome).toEqual({ text: "hello\n" });
      else expect(outcome, `${length} bytes`).toMatchObject({ code: "E_INPUT_CORRUPT" });
      expect(outcome.offset ?? 0).toBeLessThanOrEqual(length);
    }
  });

  it("refuses every flipped bit that could change data", async () => {
    const file = Buffer.concat([frame("hello, hello, hello, hello, hello\n"), frame("world\n")]);
    const { text } = await outcomeOf("zstd", file, 64);
    for (let bit = 0; bit < file.length * 8; bit++) {
      const flipped = Buffer.from(file);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const outcome = await outcomeOf("zstd", flipped, 64);
      if (outcome.code === undefined) expect(outcome.text, `bit ${bit}`).toBe(text);
      else expect(outcome.code, `bit ${bit}`).toMatch(/^E_(INPUT_CORRUPT|UNSUPPORTED_CODEC)$/u);
    }
  });

  it.each([
    [
      "garbage after a frame",
      Buffer.concat([frame("hello\n"), Buffer.from("garbage")]),
      "there is something else after the last frame",
    ],
    [
      "zeros after a frame",
      Buffer.concat([frame("hello\n"), Buffer.alloc(8)]),
      "there is something else after the last frame",
    ],
    ["no frame", Buffer.from("plain text"), "there is no zstd header"],
    ["nothing", Buffer.alloc(0), "there is no zstd header"],
  ])("refuses %s, with the place", async (_what, file, reason) => {
    const offset = file.toString("latin1").startsWith("(") ? frame("hello\n").length : 0;
    const outcome = await outcomeOf("zstd", file, 4096);
    expect(outcome).toMatchObject({ code: "E_INPUT_CORRUPT", offset });
    expect(outcome.message).toContain(reason);
  });
});
