// Rows of the sort benchmark against known answers and a twin that shares nothing with the generator.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { generateFiles } from "../../src/gen/generate-files.ts";
import { createTeraSource } from "../../src/gen/tera.ts";

const rowBytes = 100;

/** Sum of the CRC-32 of each row, as TeraGen counts it and TeraValidate checks it. */
function checksumOf(firstRow: number, rows: number): string {
  const source = createTeraSource(firstRow);
  const buffer = Buffer.alloc(10_000 * rowBytes);
  let sum = 0n;
  for (let made = 0; made < rows; made += 10_000) {
    expect(source.fill(buffer, 0)).toBe(buffer.length);
    // Those of 10,000 rows stay below 2^46; those of all rows do not stay below 2^53.
    let part = 0;
    for (let at = 0; at < buffer.length; at += rowBytes) part += crc32(buffer.subarray(at, at + rowBytes));
    sum += BigInt(part);
  }
  return sum.toString(16);
}

/** Rows by big integers and text, from the generator's definition. */
function* twinRows(rows: number): Generator<Buffer> {
  let random = 0n;
  for (let number = 0; number < rows; number++) {
    random = (random * 0x2360ed051fc65da44385df649fccf645n + 0x4a696d47726179524950202020202001n) & ((1n << 128n) - 1n);
    const hex = random.toString(16).toUpperCase().padStart(32, "0");
    const filler = Array.from(hex.slice(20), (digit) => digit.repeat(4)).join("");
    const row = number.toString(16).toUpperCase().padStart(32, "0");
    yield Buffer.from(
      `${hex.slice(0, 20)}0011${Buffer.from(row).toString("hex")}8899AABB${Buffer.from(filler).toString("hex")}CCDDEEFF`,
      "hex",
    );
  }
}

describe("createTeraSource()", () => {
  // A gigabyte in memory: 3 s where nothing else runs.
  it("gives 10,000,000 rows with the checksum that Hadoop's TeraGen counts", () => {
    expect(checksumOf(0, 10_000_000)).toBe("4c49607ac53602");
  });

  it("gives 1,000,000 rows with the checksum of a twin by big integers, which gensort's page has too", () => {
    let sum = 0n;
    for (const row of twinRows(1_000_000)) sum += BigInt(crc32(row));
    expect(sum.toString(16)).toBe("7a27e2d0d55de");
    expect(checksumOf(0, 1_000_000)).toBe(sum.toString(16));
  });

  it("gives the twin's rows byte for byte, also across a carry of the row's number", () => {
    const rows = [...twinRows(5_000)];
    const buffer = Buffer.alloc(5_000 * rowBytes);
    createTeraSource(0).fill(buffer, 0);
    expect(buffer.equals(Buffer.concat(rows))).toBe(true);
    // From any row on, as if from the first.
    for (const first of [1, 15, 16, 255, 4_095, 4_999]) {
      const one = Buffer.alloc(rowBytes);
      createTeraSource(first).fill(one, 0);
      expect(one.equals(rows[first]!)).toBe(true);
    }
  });

  it("numbers rows beyond 2^32", () => {
    const two = Buffer.alloc(2 * rowBytes);
    createTeraSource(2 ** 44 - 1).fill(two, 0);
    expect([two.toString("latin1", 12, 44), two.toString("latin1", 112, 144)]).toEqual([
      "000000000000000000000FFFFFFFFFFF",
      "00000000000000000000100000000000",
    ]);
  });
});

describe("generateFiles() of tera", () => {
  let directory = "";
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "millrace-gen-"));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it("spreads whole rows over files that continue each other", () => {
    const one = generateFiles({ kind: "tera", out: join(directory, "one"), bytes: 2_000_050, files: 1, seed: 1 });
    const many = generateFiles({ kind: "tera", out: join(directory, "many"), bytes: 2_000_050, files: 7, seed: 1 });
    expect([one.bytes, many.bytes]).toEqual([2_000_100, 2_000_100]);
    const parts = many.paths.map((path) => readFileSync(path));
    for (const part of parts) expect(part.length % rowBytes).toBe(0);
    expect(Buffer.concat(parts).equals(readFileSync(one.paths[0]!))).toBe(true);
  });

  it("begins at another row when told to", () => {
    const options = { kind: "tera", files: 1, seed: 1 } as const;
    const all = generateFiles({ ...options, out: join(directory, "all"), bytes: 30_000 });
    const rest = generateFiles({ ...options, out: join(directory, "rest"), bytes: 10_000, firstRow: 200 });
    expect(readFileSync(rest.paths[0]!).equals(readFileSync(all.paths[0]!).subarray(20_000))).toBe(true);
  });
});
