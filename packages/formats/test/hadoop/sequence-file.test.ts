// SequenceFiles: what Hadoop wrote is read, what is written is read back, any cutting gives the same records, and damage
// is an error or a bad record.

import { checkInputFormat, checkOutputFormat, sequenceFile } from "@millrace/formats";
import { inputFormatOf } from "@millrace/sdk/engine";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SequenceHeader, readSequenceHeader } from "../../src/hadoop/sequence-header.ts";
import { readInSplits } from "../../src/conformance/read-in-splits.ts";
import { writeBytes } from "../read-records.ts";
import { fromBase64, hadoopEmptyBlocks, hadoopNullBytes, hadoopPairs, hadoopSequenceFiles } from "./golden.ts";

const pairs = sequenceFile({ key: "LongWritable", value: "Text" });
const kinds = [
  { compression: "none", codec: "zlib" },
  ...(["record", "block"] as const).flatMap((compression) =>
    (["zlib", "gzip", "snappy", "lz4", "zstd"] as const).map((codec) => ({ compression, codec })),
  ),
] as const;

/** Outcomes of a file that is cut into splits, as texts: a record as JSON, a bad one as its reason. */
function read(
  bytes: Uint8Array,
  {
    format = pairs,
    cuts = [],
    chunkBytes = 50,
  }: { format?: object; cuts?: readonly number[]; chunkBytes?: number } = {},
): readonly string[] {
  const input = inputFormatOf(format as typeof pairs);
  const file = { uri: "file:///in/a.seq", bytes };
  return readInSplits(input, file, { cuts, chunkBytes, filler: 0x55 }).map((each) =>
    "bad" in each ? `bad: ${each.bad}` : each.record,
  );
}

const shown = (records: readonly unknown[]): readonly string[] => records.map((record) => JSON.stringify(record));

/** What reading ends with: records, or the code of the error. */
function outcomeOf(bytes: Uint8Array): readonly string[] | string {
  try {
    return read(bytes);
  } catch (thrown) {
    return (thrown as { code: string }).code;
  }
}

describe("sequenceFile(), reading", () => {
  it.each(Object.entries(hadoopSequenceFiles))("reads what Hadoop wrote, cut anywhere: %s", (_kind, base64) => {
    const file = fromBase64(base64);
    expect(read(file)).toEqual(shown(hadoopPairs));
    for (let cut = 1; cut < file.length; cut += 3)
      expect(read(file, { cuts: [cut], chunkBytes: 37 }), `cut at ${cut}`).toEqual(shown(hadoopPairs));
  });

  it("reads bytes without keys, and a file without records", () => {
    const nulls = sequenceFile({ key: "NullWritable", value: "BytesWritable" });
    expect(read(fromBase64(hadoopNullBytes), { format: nulls })).toEqual([
      '{"key":null,"value":{"#bytes":[1,2,255]}}',
      '{"key":null,"value":{"#bytes":[]}}',
    ]);
    const none = sequenceFile({ value: "IntWritable" });
    expect(read(fromBase64(hadoopEmptyBlocks), { format: none })).toEqual([]);
  });

  it("keeps the rules of inputs", () => {
    expect(
      checkInputFormat(pairs, [{ bytes: fromBase64(hadoopSequenceFiles.none), records: hadoopPairs }]),
    ).toMatchObject({
      records: 6,
      badRecords: 0,
    });
  });

  it("refuses files of other classes with both names", () => {
    expect(() => read(fromBase64(hadoopSequenceFiles.none), { format: sequenceFile() })).toThrow(
      'Cannot read "file:///in/a.seq": its keys are "org.apache.hadoop.io.LongWritable", and the job reads "org.apache.hadoop.io.Text"; name the file\'s classes in sequenceFile({ key, value })',
    );
  });

  it.each<[string, (file: Uint8Array) => void, RegExp]>([
    ["no magic", (file) => file.set([0x50], 0), /its header is wrong: it does not begin with SEQ, at byte 0/],
    ["another version", (file) => file.set([4], 3), /it is of version 4, and only 6 is read/],
    [
      "a name that is too long",
      (file) => file.set([0x8d, 0xff, 0xff], 4),
      /a text is said to have 16740210 bytes|at byte/,
    ],
    ["a flag that is none", (file) => file.set([2], 4 + 34 + 26), /a flag is 2, neither 0 nor 1/],
    ["a negative count of texts", (file) => file.set([0xff], 4 + 34 + 26 + 2), /it is said to have -\d+ texts/],
  ])("refuses a header with %s", (_what, damage, message) => {
    const file = fromBase64(hadoopSequenceFiles.none);
    damage(file);
    expect(() => read(file)).toThrow(message);
  });

  it("refuses a codec that it does not read, by its class", () => {
    const file = fromBase64(hadoopSequenceFiles["record zlib"]);
    file.set(Buffer.from("XefaultCodec"), Buffer.from(file).indexOf("DefaultCodec"));
    expect(() => read(file)).toThrow(
      /it is compressed with "org\.apache\.hadoop\.io\.compress\.XefaultCodec", which this version does not read/,
    );
  });

  it("gives all whole records of a cut file and then a bad one, or an error", () => {
    const all = shown(hadoopPairs);
    for (const [kind, base64] of Object.entries(hadoopSequenceFiles)) {
      const file = fromBase64(base64);
      const isBlock = kind.startsWith("block");
      for (let length = 1; length < file.length; length += 2) {
        const got = outcomeOf(file.subarray(0, length));
        if (typeof got === "string") {
          expect(["E_INPUT_FORMAT", "E_INPUT_CORRUPT"], `${kind} ${length}`).toContain(got);
          continue;
        }
        const good = got.filter((each) => !each.startsWith("bad"));
        expect(good).toEqual(all.slice(0, good.length));
        // Only a file that ends between two records, or behind a mark, looks whole.
        if (isBlock) expect(good.length).toBe(got.length);
        else expect(got.length - good.length).toBeLessThanOrEqual(1);
      }
    }
    const none = fromBase64(hadoopSequenceFiles.none);
    expect(read(none.subarray(0, none.length - 1)).at(-1)).toBe(
      "bad: the file ends after 19 of 20 bytes of the record",
    );
    expect(read(none.subarray(0, none.length - 15)).at(-1)).toBe("bad: the file ends after 5 bytes of the record");
  });

  it("ends with records, bad records or an error, whatever byte is wrong", () => {
    for (const [kind, base64] of Object.entries(hadoopSequenceFiles)) {
      const file = fromBase64(base64);
      for (let place = 0; place < file.length; place++) {
        const damaged = file.slice();
        damaged[place] = damaged[place]! ^ 0x81;
        const got = outcomeOf(damaged);
        if (typeof got !== "string") continue;
        expect(["E_INPUT_FORMAT", "E_INPUT_CORRUPT", "E_RECORD_TOO_LARGE"], `${kind} ${place}`).toContain(got);
      }
    }
  });

  it("gives a bad record for a number beyond 2^53, and for a value that is not of its class", () => {
    const file = fromBase64(hadoopSequenceFiles.none);
    const first = Buffer.from(file).indexOf("c3bc30", 0, "hex") - 9;
    file.set([0x7f], first);
    file.set([9], first + 8);
    expect(read(file).slice(0, 2)).toEqual([
      "bad: key: the LongWritable is about 9151314442816848000, beyond 2^53",
      JSON.stringify(hadoopPairs[1]),
    ]);
    file.set([0], first);
    expect(read(file)[0]).toBe("bad: value: the Text has 4 bytes, which is not what it says");
  });

  it("refuses a mark that is not the file's, and lengths that cannot be", () => {
    const file = fromBase64(hadoopSequenceFiles.none);
    // Hadoop wrote a mark right behind the header.
    const mark = Buffer.from(file).indexOf("ffffffff", 0, "hex");
    const other = file.slice();
    other[mark + 8] = other[mark + 8]! ^ 1;
    expect(() => read(other)).toThrow(
      /a sync mark is not the one of the header, at byte \d+; mend the file or leave it out/,
    );
    const long = file.slice();
    long.set([0x7f, 0xff, 0xff, 0xff], mark + 20);
    expect(() => read(long)).toThrow(expect.objectContaining({ code: "E_RECORD_TOO_LARGE" }));
    const key = file.slice();
    key.set([0, 0, 0, 99], mark + 24);
    expect(() => read(key)).toThrow(/a key is said to have 99 of the 12 bytes of its record/);
  });
});

const text = fc.string({ unit: "binary", maxLength: 300 }).filter((each) => each.isWellFormed());
const records = fc.array(fc.record({ key: fc.maxSafeInteger(), value: text }), { maxLength: 60 });

describe("sequenceFile(), writing", () => {
  it.each(kinds)("gives back what it wrote, however it is cut: $compression $codec", (options) => {
    const format = sequenceFile({ key: "LongWritable", value: "Text", ...options });
    fc.assert(
      fc.property(records, fc.array(fc.nat(20_000), { maxLength: 4 }), fc.nat(500), (list, places, chunk) => {
        const file = writeBytes(format, list);
        const cuts = [...new Set(places)].filter((at) => at > 0 && at < file.length).toSorted((a, b) => a - b);
        expect(read(file, { cuts, chunkBytes: 40 + chunk })).toEqual(shown(list));
      }),
      { numRuns: 25 },
    );
  });

  it.each(kinds)("sets marks by which a large file is cut: $compression $codec", (options) => {
    const format = sequenceFile({ key: "IntWritable", value: "Text", ...options });
    // Hardly compressible, so that there are several sections of each kind.
    const noise = (index: number): string => {
      const bytes = Uint8Array.from(
        { length: 9_000 },
        (_none, at) => Math.imul(index * 9_000 + at + 1, 0x9e3779b1) >>> 21,
      );
      return Buffer.from(bytes).toString("base64");
    };
    const list = Array.from({ length: 150 }, (_none, index) => ({ key: index, value: noise(index) }));
    const file = writeBytes(format, list);
    const cut = options.compression === "block" ? file.length - 100_000 : file.length >> 1;
    const all = read(file, { format, cuts: [cut], chunkBytes: 65_536 });
    expect(all.length).toBe(list.length);
    const mine = read(file.subarray(0), { format, cuts: [], chunkBytes: 65_536 });
    expect(all).toEqual(mine);
    const header = readSequenceHeader(file) as SequenceHeader;
    const bytes = Buffer.from(file);
    const mark = Buffer.concat([Buffer.alloc(4, 0xff), header.sync]);
    const at = bytes.indexOf(mark);
    expect(at).toBeGreaterThan(0);
    expect(bytes.indexOf(mark, at + 1)).toBeGreaterThan(at);
  });

  it("keeps the rules of outputs, and refuses what is of another class", () => {
    const wrong: readonly (readonly [Parameters<typeof sequenceFile>[0], unknown])[] = [
      [{ value: "LongWritable" }, { key: "a", value: 1.5 }],
      [{ value: "LongWritable" }, { key: "a", value: 2 ** 53 }],
      [{ value: "IntWritable" }, { key: "a", value: 2 ** 31 }],
      [{ value: "BytesWritable" }, { key: "a", value: [1] }],
      [{ value: "NullWritable" }, { key: "a", value: undefined }],
      [{ value: "Text" }, { key: "a", value: "\ud800" }],
      [{ value: "Text" }, null],
    ];
    for (const [options, value] of wrong) {
      const format = sequenceFile(options);
      checkOutputFormat(format as never, { records: [], refused: [value], readBy: format });
    }
    for (const options of kinds)
      checkOutputFormat(sequenceFile({ key: "LongWritable", value: "Text", ...options }), {
        records: [
          ...hadoopPairs,
          { key: Number.MIN_SAFE_INTEGER, value: "" },
          { key: Number.MAX_SAFE_INTEGER, value: "漢\0" },
        ],
        readBy: sequenceFile({ key: "LongWritable", value: "Text" }),
      });
  });

  it("makes equal bytes of equal records, and another mark for others", () => {
    const format = sequenceFile({ value: "IntWritable" });
    const [one, again, other] = [1, 1, 2].map((value) => Buffer.from(writeBytes(format, [{ key: "a", value }])));
    expect(one?.equals(again!)).toBe(true);
    const sync = one!.subarray(one!.length - 16 - 14, one!.length - 14);
    expect(other?.indexOf(sync)).toBe(-1);
  });

  it("refuses options with the nearest name", () => {
    expect(() => sequenceFile({ key: "IntWriteable" as "IntWritable" })).toThrow(
      /their key is "IntWriteable", did you mean "IntWritable"\?|their key is "IntWriteable".*IntWritable/,
    );
    expect(() => sequenceFile({ compression: "blocks" as "block" })).toThrow(
      /E_JOB_INVALID|their compression is "blocks"/,
    );
    expect(() => sequenceFile({ codec: "bzip2" as "zlib" })).toThrow(/their codec is "bzip2"/);
  });
});
