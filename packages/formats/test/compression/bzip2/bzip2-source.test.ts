// Splits of bzip2 files: any cutting gives the same records, damage is an error, what Hadoop and the reference wrote is read.

import { type ChunkSource, createSplitReader } from "@millrace/data";
import type { Framing } from "@millrace/sdk";
import { Bzip2Source } from "@millrace/formats/engine";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { unpackBzip2 } from "../../../src/compression/bzip2/unpack-bzip2.ts";
import { fromBase64, hadoopText, hadoopTexts } from "../../hadoop/golden.ts";
import { findBlockMagics } from "../../../src/compression/bzip2/find-magic.ts";
import { makeBzip2, makeMisleadingBzip2 } from "./make-bzip2.ts";

/** Bytes in chunks, each of which is overwritten when the next is asked for. */
function sourceOf(bytes: Uint8Array, size: number): ChunkSource {
  let at = 0;
  let last = new Uint8Array(0);
  return {
    seek: (offset) => {
      at = offset;
    },
    next: () => {
      last.fill(0xee);
      if (at >= bytes.length) return undefined;
      last = bytes.slice(at, at + size);
      at += last.length;
      return last;
    },
  };
}

interface Part {
  readonly begin: number;
  readonly end: number;
}

const lines: Framing = { kind: "delimited", delimiter: "line" };

/** Read the records of one split as a task does. */
function readSplit(
  file: Uint8Array,
  { begin, end }: Part,
  { framing = lines, size = 100 }: { readonly framing?: Framing; readonly size?: number } = {},
): { readonly records: readonly string[]; readonly owned: Part } {
  const uri = "file:///in/a.bz2";
  const source = new Bzip2Source({ source: sourceOf(file, size), begin, end, fileBytes: file.length, uri });
  const reader = createSplitReader({ source, start: source.start(), end: Number.MAX_SAFE_INTEGER, framing, uri });
  const records: string[] = [];
  for (let batch = reader.nextBatch(); batch !== undefined; batch = reader.nextBatch())
    for (let index = 0; index < batch.count; index++) {
      const record = batch.bytes.subarray(batch.offsets[2 * index], batch.offsets[2 * index + 1]);
      records.push(Buffer.from(record).toString("latin1"));
    }
  return { records, owned: source.owned() };
}

/** Read all splits that these cuts make; what they own must tile the file. */
function readCut(file: Uint8Array, cuts: readonly number[], options: Parameters<typeof readSplit>[2] = {}): string[] {
  const places = [0, ...[...new Set(cuts)].filter((cut) => cut < file.length && cut > 0).toSorted((a, b) => a - b)];
  const records: string[] = [];
  let at = 0;
  for (const [index, begin] of places.entries()) {
    const read = readSplit(file, { begin, end: places[index + 1] ?? file.length }, options);
    records.push(...read.records);
    if (read.owned.begin === read.owned.end) continue;
    expect(read.owned.begin).toBe(at);
    at = read.owned.end;
  }
  expect(at).toBe(file.length);
  return records;
}

/** Contents of blocks in streams: short, of few letters, so that delimiters lie across blocks. */
const blocks = fc.array(
  fc.array(
    fc
      .oneof(
        fc.array(fc.constantFrom("a", "b", "\n"), { maxLength: 12 }).map((letters) => letters.join("")),
        fc.array(fc.constantFrom("a", "b", "\n", ";"), { maxLength: 150 }).map((letters) => letters.join("")),
        fc.nat(600).map((count) => "a".repeat(count)),
      )
      .map((text) => new Uint8Array(Buffer.from(text))),
    { maxLength: 4 },
  ),
  { minLength: 1, maxLength: 4 },
);

const framings: readonly Framing[] = [
  lines,
  { kind: "delimited", delimiter: Uint8Array.from(Buffer.from("a\nb")) },
  { kind: "delimited", delimiter: Uint8Array.from(Buffer.from("b;a\n")) },
  { kind: "events", startsWith: (bytes, begin) => bytes[begin] === 0x62 },
];

describe("Bzip2Source", () => {
  it.each(framings.map((framing, index) => ({ index, framing })))(
    "gives the same records however the file is cut: framing $index",
    ({ framing }) => {
      fc.assert(
        fc.property(
          blocks,
          fc.array(fc.nat(2000), { maxLength: 6 }),
          fc.integer({ min: 1, max: 200 }),
          (streams, cuts, size) => {
            const file = makeBzip2(streams);
            const whole = readPlain(Buffer.concat(streams.flat()), framing);
            expect(readCut(file, [], { framing, size })).toEqual(whole);
            expect(readCut(file, cuts, { framing, size })).toEqual(whole);
          },
        ),
        { numRuns: 150 },
      );
    },
  );

  it("gives the same records at every single cut of a file of three streams", () => {
    const file = makeBzip2([
      [Buffer.from("first\nsec"), Buffer.from("ond\n"), Buffer.from("third\r")],
      [],
      [Buffer.from("\nfourth\n"), Buffer.from("fifth")],
    ]);
    for (let cut = 1; cut < file.length; cut++)
      expect(readCut(file, [cut], { size: 7 }), `cut at ${cut}`).toEqual([
        "first",
        "second",
        "third",
        "fourth",
        "fifth",
      ]);
  });

  it("gives the blocks of a stream to the split in which they begin, whatever its header lies in", () => {
    const before = makeBzip2([[Buffer.from(`${"x".repeat(80)}\nbefore\n`)]]);
    const after = makeBzip2([[Buffer.from("after\n")]]);
    const file = new Uint8Array(Buffer.concat([before, after]));
    const read = readSplit(file, { begin: before.length - 3, end: file.length });
    expect(read).toEqual({ records: ["after"], owned: { begin: before.length + 4, end: file.length } });
  });

  it("does not take a magic number amid a block for the begin of one", () => {
    const { file, content } = makeMisleadingBzip2(Buffer.from(`${"line\n".repeat(30)}end`));
    const magic = Buffer.from("314159265359", "hex");
    expect(findBlockMagics(file).length).toBe(3);
    expect(Buffer.from(content).indexOf(magic)).toBe(-1);
    const whole = readPlain(content, lines);
    expect(readCut(file, [])).toEqual(whole);
    for (let cut = 1; cut < file.length; cut++)
      expect(readCut(file, [cut], { size: 64 }), `cut at ${cut}`).toEqual(whole);
  });

  it("reads what Hadoop and the bzip2 command wrote", () => {
    expect(readSplit(fromBase64(hadoopTexts.bzip2.text), { begin: 0, end: 99 }).records.join("\n")).toBe(
      hadoopText.trimEnd(),
    );
    expect(readSplit(fromBase64(hadoopTexts.bzip2.empty), { begin: 0, end: 99 })).toEqual({
      records: [],
      owned: { begin: 0, end: 14 },
    });
    // printf 'hello\nworld\n' | bzip2 -1 | base64
    const command = fromBase64("QlpoMTFBWSZTWWtfsd0AAAJBgAAQBkSQgCAAMQwIIaNpCAcjroeLuSKcKEg1r9jugA==");
    expect(readSplit(command, { begin: 0, end: 99 }).records).toEqual(["hello", "world"]);
  });

  it("reads blocks that were randomised, as Hadoop does with what repeats itself", () => {
    // BZip2Codec's stream of "ab".repeat(20_000): bits are turned at some 80 places.
    const file = fromBase64(
      "QlpoOTFBWSZTWcNDK+mAFMYBAHgAQAHbqFUBmmgzTQTUpoFJRvRCdpFbVSbSBtRFtKUbFKW0lRsFRsEC2FRbIi2bSW1ULYmwS2Gx" +
        "tbBspbJbDaQ2qE2UraGyS2ERsQG1FWySbKSbKqthSRsko2gltSiNlVUXREl2iKtkKbFSRtCtqpS2lEtkKtiDZVbQRtKjYK2VLYi2" +
        "CjaE2oTaUtqm1NolslWwg2AGypNlK2IW1Ko2lQ2pI2iAbSSmyVRtEqbClRwu5IpwoSGGhlfS",
    );
    expect(readSplit(file, { begin: 0, end: file.length }).records).toEqual(["ab".repeat(20_000)]);
    expect(Buffer.from(unpackBzip2(file, 40_000)).toString()).toBe("ab".repeat(20_000));
  });

  it("refuses a file that is cut off or damaged anywhere", () => {
    const file = makeBzip2([
      [Buffer.from("some lines\nof text\n".repeat(9)), Buffer.from("more\n")],
      [Buffer.from("end\n")],
    ]);
    const all = readSplit(file, { begin: 0, end: file.length }).records;
    for (let length = 1; length < file.length; length++) {
      const read = attempt(file.subarray(0, length));
      // A file that ends with a stream's end is a whole one.
      if (typeof read !== "string") expect(read.length).toBeLessThan(all.length);
      else expect(read).toBe("E_INPUT_CORRUPT");
    }
    for (let place = 0; place < file.length; place++)
      for (const flip of [0x01, 0x80]) {
        const damaged = file.slice();
        damaged[place] = damaged[place]! ^ flip;
        const read = attempt(damaged);
        // The level does not matter to a reader that takes blocks of any; nor do the bits behind a stream's end.
        if (typeof read !== "string") expect(read, `byte ${place}`).toEqual(all);
        else expect(["E_INPUT_CORRUPT", "E_UNSUPPORTED_CODEC"], `byte ${place}`).toContain(read);
      }
  });

  it("names the place of the damage", () => {
    const file = makeBzip2([[Buffer.from("first block\n"), Buffer.from("second block\n")]]);
    file[30] = file[30]! ^ 1;
    expect(() => readSplit(file, { begin: 0, end: file.length })).toThrow(
      /Cannot decompress "file:\/\/\/in\/a\.bz2": bzip2 data, .+, at byte \d+; mend the file or leave it out/,
    );
    expect(() => readSplit(Buffer.from("no bzip2"), { begin: 0, end: 8 })).toThrow(
      /there is no bzip2 header, at byte 0/,
    );
    const trailed = new Uint8Array(Buffer.concat([makeBzip2([[Buffer.from("a\n")]]), Buffer.from("trail")]));
    expect(() => readSplit(trailed, { begin: 0, end: trailed.length })).toThrow(
      /there is something else after the last stream/,
    );
  });
});

describe("unpackBzip2()", () => {
  it("unpacks a buffer, and says what is wrong with it", () => {
    const packed = makeBzip2([[Buffer.from("ab".repeat(40))]]);
    expect(Buffer.from(unpackBzip2(packed, 80) as Uint8Array).toString()).toBe("ab".repeat(40));
    expect(unpackBzip2(packed, 79)).toBe("it unpacks to more than 79 bytes");
    expect(unpackBzip2(packed.subarray(0, 20), 80)).toContain("a block is cut off");
  });
});

function attempt(file: Uint8Array): readonly string[] | string {
  try {
    return readSplit(file, { begin: 0, end: file.length }).records;
  } catch (thrown) {
    return (thrown as { code: string }).code;
  }
}

function readPlain(content: Uint8Array, framing: Framing): readonly string[] {
  const reader = createSplitReader({ source: sourceOf(content, 4096), start: 0, end: content.length, framing });
  const records: string[] = [];
  for (let batch = reader.nextBatch(); batch !== undefined; batch = reader.nextBatch())
    for (let index = 0; index < batch.count; index++)
      records.push(
        Buffer.from(batch.bytes.subarray(batch.offsets[2 * index], batch.offsets[2 * index + 1])).toString("latin1"),
      );
  return records;
}
