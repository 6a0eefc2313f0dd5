// Odd input that must give the right answer: no line lost, none twice, no crash.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ScratchDirectory } from "./harness.ts";
import { digestParts, millrace, readParts, scratchDirectory } from "./harness.ts";

let directory: ScratchDirectory;
beforeEach(() => {
  directory = scratchDirectory();
});
afterEach(() => directory.remove());

const at = (name: string): string => join(directory.path, name);

/** Run word count and give the counts; the run must succeed and verify. */
async function countWords(
  inputs: readonly string[],
  flags: readonly string[] = [],
): Promise<ReadonlyMap<string, number>> {
  const result = await millrace(["run", "word-count", ...inputs, "out", ...flags], { cwd: directory.path });
  expect(result.stderr).not.toMatch(/error/);
  expect(result.exit).toBe(0);
  expect((await millrace(["verify", "out"], { cwd: directory.path })).exit).toBe(0);
  const rows = readParts(at("out")).split("\n").slice(0, -1);
  return new Map(
    rows.map((row) => [row.slice(0, row.lastIndexOf("\t")), Number(row.slice(row.lastIndexOf("\t") + 1))]),
  );
}

describe("word-count", () => {
  it.each<[string, string | Buffer, readonly (readonly [string, number])[]]>([
    ["of an empty file", "", []],
    ["of empty lines alone", "\n\n\n", []],
    [
      "without a final newline",
      "a b\na",
      [
        ["a", 2],
        ["b", 1],
      ],
    ],
    [
      "with CRLF",
      "a b\r\na\r\n",
      [
        ["a", 2],
        ["b", 1],
      ],
    ],
    ["with NUL bytes inside words", "a\0b a\0b\n", [["a\0b", 2]]],
    [
      "with keys that objects have",
      "__proto__ constructor __proto__ toString\n",
      [
        ["__proto__", 2],
        ["constructor", 1],
        ["toString", 1],
      ],
    ],
    ["with invalid UTF-8, each bad byte one U+FFFD", Buffer.from([0x61, 0xff, 0x62, 0x0a]), [["a\uFFFDb", 1]]],
    [
      "with words beyond the BMP",
      "😀 \uE000 😀\n",
      [
        ["\uE000", 1],
        ["😀", 2],
      ],
    ],
  ])("%s", async (_, content, counts) => {
    writeFileSync(at("in.txt"), content);
    expect(await countWords(["in.txt"])).toEqual(new Map(counts));
  });

  it("of a directory of empty files gives empty parts and a manifest", async () => {
    mkdirSync(at("in"));
    for (const name of ["a", "b"]) writeFileSync(at(`in/${name}`), "");
    expect(await countWords(["in"])).toEqual(new Map());
    expect(Object.keys(digestParts(at("out")))).toEqual(["part-r-00000.tsv"]);
  });

  it("with more reducers than keys gives empty parts too", async () => {
    writeFileSync(at("in.txt"), "a\n");
    expect(await countWords(["in.txt"], ["--reduces", "7"])).toEqual(new Map([["a", 1]]));
    expect(Object.keys(digestParts(at("out")))).toHaveLength(7);
  });

  it("leaves out hidden files and says how many", async () => {
    mkdirSync(at("in"));
    writeFileSync(at("in/a"), "a\n");
    for (const name of ["_temporary", ".hidden"]) writeFileSync(at(`in/${name}`), "b\n");
    expect(await countWords(["in"])).toEqual(new Map([["a", 1]]));
  });

  it("reads files whose names hold blanks, signs and newlines", async () => {
    mkdirSync(at("in"));
    for (const name of ["a b", "100%", "x#y", "q?", "new\nline", "-rf"]) writeFileSync(join(at("in"), name), "w\n");
    expect(await countWords(["in"])).toEqual(new Map([["w", 6]]));
  });

  it.each<[string, (text: string) => Buffer]>([
    [
      "gzip, all members and the padding between them",
      (text) => Buffer.concat([gzipSync(text), gzipSync(""), Buffer.alloc(100), gzipSync(text)]),
    ],
    ["Zstandard, all frames", (text) => Buffer.concat([zstdCompressSync(text), zstdCompressSync(text)])],
  ])("of %s", async (_, compress) => {
    writeFileSync(at("in.any"), compress("a b a\n".repeat(1000)));
    expect(await countWords(["in.any"])).toEqual(
      new Map([
        ["a", 4000],
        ["b", 2000],
      ]),
    );
  });

  it("gives the same parts whatever the split size", async () => {
    writeFileSync(
      at("in.txt"),
      Array.from({ length: 600 }, (_, index) => `w${index % 37} w${index % 11}\r\n`).join(""),
    );
    const trees: unknown[] = [];
    for (const size of ["50", "1000", "4096", "1GiB"]) {
      const output = `out-${size}`;
      const result = await millrace(["run", "word-count", "in.txt", output, "--reduces", "3", "--split-bytes", size], {
        cwd: directory.path,
      });
      expect(result.exit, result.stderr).toBe(0);
      trees.push(digestParts(at(output)));
    }
    for (const tree of trees) expect(tree).toEqual(trees[0]);
  });

  it("gives the same parts for many small files, packed and with lying names, as for one", async () => {
    mkdirSync(at("many"));
    const texts = Array.from({ length: 120 }, (_, index) => `w${index % 17} w${index % 5} last${index}\n`);
    const packs = [(text: string) => Buffer.from(text), gzipSync, zstdCompressSync, (text: string) => gzipSync(text)];
    for (const [index, text] of texts.entries()) {
      const name = `${String(index).padStart(3, "0")}.${["gz", "txt", "log", "bz2", "zst"][index % 5]}`;
      writeFileSync(at(`many/${name}`), packs[index % 4]?.(text) ?? text);
    }
    writeFileSync(at("one.txt"), texts.join(""));
    for (const input of ["many", "one.txt"]) {
      const result = await millrace(["run", "word-count", input, `out-${input}`, "--reduces", "3"], {
        cwd: directory.path,
      });
      expect(result.exit, result.stderr).toBe(0);
    }
    expect(digestParts(at("out-many"))).toEqual(digestParts(at("out-one.txt")));
  });

  it("refuses one file of many that is packed in a way that is not read, by its name", async () => {
    mkdirSync(at("many"));
    for (let index = 100; index < 300; index += 1) writeFileSync(at(`many/${index}`), "a\n");
    writeFileSync(at("many/201"), Buffer.from("504b0304", "hex"));
    const result = await millrace(["run", "word-count", "many", "out"], { cwd: directory.path });
    expect([result.exit, existsSync(at("out"))]).toEqual([7, false]);
    expect(result.stderr).toMatch(/Cannot read "file:.*\/many\/201": it is compressed with zip.*E_UNSUPPORTED_CODEC/);
  });

  it("counts a line of 60 MiB", async () => {
    writeFileSync(at("in.txt"), Buffer.alloc(60 * 2 ** 20, "word "));
    expect(await countWords(["in.txt"])).toEqual(new Map([["word", (60 * 2 ** 20) / 5]]));
  });
});

describe("a record over 64 MiB", () => {
  it("is a bad record: the file and the offset are named, and more of them than allowed fail the job", async () => {
    writeFileSync(at("in.txt"), Buffer.concat([Buffer.from("ok\n"), Buffer.alloc(64 * 2 ** 20 + 1, 0x61)]));
    const result = await millrace(["run", "word-count", "in.txt", "out"], { cwd: directory.path });
    expect(result.exit).toBe(1);
    expect(result.stderr).toMatch(/in\.txt.* 3\b.*longer than 64\.0 MiB.*E_BAD_RECORDS/s);
    expect(digestParts(at("out"))).toEqual({});
    const allowed = await millrace(["run", "word-count", "in.txt", "out", "--bad-records-max", "0.5"], {
      cwd: directory.path,
    });
    expect(allowed.exit, allowed.stderr).toBe(0);
    expect(allowed.stderr).toMatch(/1 bad record.*in\.txt at offset 3: longer than 64\.0 MiB/s);
    expect(readParts(at("out"))).toBe("ok\t1\n");
  });
});

describe("damaged gzip", () => {
  const whole = gzipSync("a b c\n".repeat(10_000));
  it.each<[string, Buffer]>([
    ["cut in the data", whole.subarray(0, whole.length - 20)],
    ["cut in the trailer", whole.subarray(0, whole.length - 3)],
    [
      "with a wrong checksum",
      Buffer.concat([whole.subarray(0, whole.length - 8), Buffer.from([1, 2, 3, 4]), whole.subarray(whole.length - 4)]),
    ],
    ["followed by garbage", Buffer.concat([whole, Buffer.from("garbage after")])],
  ])("%s fails the job, names the file and leaves nothing", async (_, bytes) => {
    writeFileSync(at("in.gz"), bytes);
    const result = await millrace(["run", "word-count", "in.gz", "out"], { cwd: directory.path });
    expect(result.exit).toBe(1);
    expect(result.stderr).toMatch(/in\.gz[\s\S]*E_INPUT_CORRUPT/);
    expect(digestParts(at("out"))).toEqual({});
  });
});
