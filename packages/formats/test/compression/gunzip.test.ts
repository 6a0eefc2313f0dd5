// All data, or an error with an offset, never a part silently.

import { gzipSync } from "node:zlib";
import { decompress } from "@millrace/formats/engine";
import { describe, expect, it } from "vitest";
import { outcomeOf } from "./chunk-source.ts";

const member = (text: string): Buffer => gzipSync(text);
const zeros = (count: number): Buffer => Buffer.alloc(count);
const chunkSizes = [1, 2, 3, 7, 17, 18, 19, 20, 21, 22, 4096];

describe("decompress() of gzip", () => {
  const files: readonly (readonly [string, Buffer, string])[] = [
    ["one member", member("hello\n"), "hello\n"],
    ["an empty member", member(""), ""],
    ["two members", Buffer.concat([member("hello\n"), member("world\n")]), "hello\nworld\n"],
    ["an empty member between two", Buffer.concat([member("a"), member(""), member("b")]), "ab"],
    ["zero padding at the end", Buffer.concat([member("hello\n"), zeros(13)]), "hello\n"],
    [
      "a member after zero padding",
      Buffer.concat([member("hello\n"), zeros(512), member("world\n")]),
      "hello\nworld\n",
    ],
    [
      "padding on every side",
      Buffer.concat([member("a"), zeros(1), member("b"), zeros(2), member("c"), zeros(3)]),
      "abc",
    ],
    [
      "a hundred members",
      Buffer.concat(Array.from({ length: 100 }, (_, index) => member(`${index}\n`))),
      Array.from({ length: 100 }, (_, index) => `${index}\n`).join(""),
    ],
  ];
  it.each(files)("gives all data of %s, however the source cuts it", async (_what, file, text) => {
    for (const size of chunkSizes) expect(await outcomeOf("gzip", file, size), `chunks of ${size}`).toEqual({ text });
  });

  it("reads every part of a header", async () => {
    const plain = member("hello\n");
    const header = Buffer.from([
      0x1f,
      0x8b,
      8,
      0x04 | 0x08 | 0x10,
      1,
      2,
      3,
      4,
      0,
      3,
      3,
      0,
      9,
      9,
      9,
      ...Buffer.from("name\0comment\0"),
    ]);
    for (const size of [1, 5, 4096])
      expect(await outcomeOf("gzip", Buffer.concat([header, plain.subarray(10)]), size)).toEqual({ text: "hello\n" });
  });

  it("checks the CRC of a header that has one", async () => {
    const body = member("hello\n").subarray(10);
    const header = Buffer.from([0x1f, 0x8b, 8, 0x02, 0, 0, 0, 0, 0, 3]);
    const { crc32 } = await import("node:zlib");
    const check = Buffer.alloc(2);
    check.writeUInt16LE(crc32(header) & 0xffff);
    expect(await outcomeOf("gzip", Buffer.concat([header, check, body]), 4)).toEqual({ text: "hello\n" });
    check[0] = (check[0] ?? 0) ^ 1;
    expect(await outcomeOf("gzip", Buffer.concat([header, check, body]), 4)).toMatchObject({
      code: "E_INPUT_CORRUPT",
      offset: 0,
    });
  });

  it("refuses a file cut off anywhere but at its end", async () => {
    const file = Buffer.concat([member("hello\n"), member("world\n")]);
    const first = member("hello\n").length;
    for (let length = 0; length < file.length; length++) {
      const outcome = await outcomeOf("gzip", file.subarray(0, length), 4);
      if (length === first) expect(outcome).toEqual({ text: "hello\n" });
      else
        expect(outcome, `${length} bytes`).toMatchObject({
          code: "E_INPUT_CORRUPT",
          offset: expect.any(Number) as number,
        });
      expect(outcome.offset ?? 0).toBeLessThanOrEqual(length);
    }
  });

  it("refuses every flipped bit that could change data", async () => {
    const file = Buffer.concat([member("hello, hello, hello\n"), zeros(2), member("world\n")]);
    const { text } = await outcomeOf("gzip", file, 64);
    for (let bit = 0; bit < file.length * 8; bit++) {
      const flipped = Buffer.from(file);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const outcome = await outcomeOf("gzip", flipped, 64);
      // Times, flags of no effect and the operating system's name may change: the data may not.
      if (outcome.code === undefined) expect(outcome.text, `bit ${bit}`).toBe(text);
      else expect(outcome.code, `bit ${bit}`).toBe("E_INPUT_CORRUPT");
    }
  });

  it("names the file, the reason and the place", async () => {
    const first = member("hello\n");
    const wrongCrc = Buffer.from(first);
    wrongCrc.writeUInt32LE(1, first.length - 8);
    const wrongLength = Buffer.from(first);
    wrongLength.writeUInt32LE(7, first.length - 4);
    const cases: readonly (readonly [Buffer, number, string])[] = [
      [wrongCrc, first.length - 8, "a member's CRC does not match its data"],
      [wrongLength, first.length - 4, "a member's length does not match its data"],
      [first.subarray(0, first.length - 3), first.length - 3, "a member's trailer is cut off"],
      [first.subarray(0, 5), 5, "a member's header is cut off"],
      [first.subarray(0, 12), 12, "a member is cut off"],
      [Buffer.concat([first, Buffer.from("garbage")]), first.length, "there is something else after the last member"],
      [
        Buffer.concat([first, zeros(3), Buffer.from("garbage")]),
        first.length + 3,
        "there is something else after the last member",
      ],
      [Buffer.from("plain text"), 0, "there is no gzip header"],
      [zeros(20), 0, "there is no gzip header"],
    ];
    for (const [file, offset, reason] of cases) {
      for (const size of [1, 4096]) {
        const outcome = await outcomeOf("gzip", file, size);
        expect(outcome).toMatchObject({ code: "E_INPUT_CORRUPT", offset });
        expect(outcome.message).toBe(
          `Cannot decompress "file:///in/a.log": gzip data, ${reason}, at byte ${offset}; mend the file or leave it out`,
        );
      }
    }
  });

  it("reads no further ahead than it is asked to, whatever the ratio", async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    let given = 0;
    let closed = false;
    const source = async function* (): AsyncGenerator<Uint8Array> {
      try {
        for (; given < bomb.length; given += 1024) yield bomb.subarray(given, given + 1024);
      } finally {
        closed = true;
      }
    };
    let taken = 0;
    for await (const chunk of decompress("gzip", source(), { uri: "file:///bomb" })) {
      expect(chunk.length).toBeLessThanOrEqual(256 * 1024);
      taken += chunk.length;
      if (taken > 1024 * 1024) break;
    }
    // 1 MiB of output is 1 KiB of input: a few chunks were taken, not the file.
    expect(given).toBeLessThan(16 * 1024);
    expect(closed).toBe(true);
  });

  it("passes on what the source throws", async () => {
    const source = async function* (): AsyncGenerator<Uint8Array> {
      yield member("hello\n").subarray(0, 12);
      throw new Error("disk on fire");
    };
    const read = async (): Promise<void> => {
      for await (const chunk of decompress("gzip", source(), { uri: "file:///in" }))
        expect(chunk.length).toBeGreaterThan(0);
    };
    await expect(read()).rejects.toThrow("disk on fire");
  });
});
