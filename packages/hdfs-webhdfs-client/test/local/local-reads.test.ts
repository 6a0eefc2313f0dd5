import { mkdir, mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { crc32 } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { firstWrongChunk, readChecksumHeader } from "../../src/local/block-checksums.ts";
import { blockPath } from "../../src/local/block-file.ts";
import { crc32c } from "../../src/local/crc32c.ts";
import type { LocatedBlock, ServedBytes, WebHdfsClient } from "../../src/index.ts";
import { type FakeCluster, startFakeCluster } from "../../src/testing/index.ts";
import { quickClient } from "../quick-client.ts";

const data = Uint8Array.from({ length: 5000 }, (_, index) => (index * 7 + (index >> 8)) & 255);

/** Checksums as a DataNode keeps them, with 512 bytes a chunk. */
function metaOf(bytes: Uint8Array, type: 0 | 1 | 2): Uint8Array {
  const meta = Buffer.alloc(7 + 4 * Math.ceil(bytes.length / 512));
  meta.writeUInt16BE(1, 0);
  meta.writeUInt8(type, 2);
  meta.writeUInt32BE(512, 3);
  for (let from = 0; from < bytes.length; from += 512) {
    const to = Math.min(from + 512, bytes.length);
    const sum = type === 2 ? crc32c(bytes, from, to) : crc32(bytes.subarray(from, to));
    meta.writeUInt32BE(sum, 7 + (from / 512) * 4);
  }
  return meta;
}

describe("crc32c()", () => {
  it("gives the values of RFC 3720", () => {
    const ascending = Uint8Array.from({ length: 32 }, (_, index) => index);
    expect(crc32c(new Uint8Array(32), 0, 32)).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(255), 0, 32)).toBe(0x62a8ab43);
    expect(crc32c(ascending, 0, 32)).toBe(0x46dd794e);
    expect(crc32c(Buffer.from("x123456789y"), 1, 10)).toBe(0xe3069283);
  });
});

describe("checksums of blocks", () => {
  it("readChecksumHeader() knows what it knows", () => {
    expect(readChecksumHeader(metaOf(data, 2))).toEqual({ algorithm: "crc32c", chunkBytes: 512 });
    expect(readChecksumHeader(metaOf(data, 1).subarray(0, 7))).toEqual({ algorithm: "crc32", chunkBytes: 512 });
    expect(readChecksumHeader(new Uint8Array(6))).toBeUndefined();
    expect(readChecksumHeader(new Uint8Array(7))).toBeUndefined();
    expect(readChecksumHeader(Uint8Array.from([0, 1, 9, 0, 0, 2, 0]))).toBeUndefined();
  });

  it.each([1, 2] as const)("firstWrongChunk() finds a changed bit, type %i", (type) => {
    const meta = metaOf(data, type);
    const kind = readChecksumHeader(meta)!;
    expect(firstWrongChunk(kind, data, meta.subarray(7))).toBe(-1);
    const changed = data.slice();
    changed[4999]! ^= 1;
    expect(firstWrongChunk(kind, changed, meta.subarray(7))).toBe(9);
  });

  it("blockPath() spreads blocks over 32 × 32 folders", () => {
    expect(blockPath("/d", { blockPoolId: "BP", blockId: 1_073_741_825 })).toBe(
      "/d/current/BP/current/finalized/subdir0/subdir0/blk_1073741825",
    );
    expect(blockPath("/d", { blockPoolId: "BP", blockId: 1_073_741_825 + 256 * 3 + 65_536 * 5 })).toBe(
      "/d/current/BP/current/finalized/subdir5/subdir3/blk_1074070273",
    );
    expect(blockPath("/d", { blockPoolId: "BP", blockId: 2 ** 40 + 65_536 * 33 })).toContain("/subdir1/subdir0/");
  });
});

describe("local reads", () => {
  let cluster: FakeCluster;
  let directory: string;
  let hdfs: WebHdfsClient;
  let served: ServedBytes[];

  /** Put a block on the disk as a DataNode would. */
  async function place(block: LocatedBlock, type: 0 | 1 | 2 = 2): Promise<string> {
    const path = blockPath(directory, block);
    const bytes = data.subarray(block.offset, block.offset + block.bytes);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
    await writeFile(`${path}_${block.generationStamp}.meta`, metaOf(bytes, type));
    return path;
  }
  const read = async (offset: number, length: number): Promise<void> => {
    served = [];
    const into = new Uint8Array(length);
    const bytes = await hdfs.readInto("/f", offset, into, { onServed: (one) => served.push(one) });
    expect(Buffer.compare(into.subarray(0, bytes), data.subarray(offset, offset + length))).toBe(0);
  };
  const ways = (): readonly string[] => served.map(({ local, bytes }) => `${local ? "disk" : "OPEN"} ${bytes}`);

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "hdfs-blocks-"));
    cluster = await startFakeCluster({ dataNodes: 1, replication: 1, blockBytes: 2048 });
    cluster.dataNodes[0]!.dataDirectory = directory;
    ({ hdfs } = quickClient({ nameNodes: cluster.nameNodes, localReads: true }));
    await hdfs.create("/f", data);
  });
  afterEach(async () => {
    hdfs.close();
    await cluster.stop();
    await rm(directory, { recursive: true });
  });

  it.each([0, 1, 2] as const)("blocks on the disk are read from there, checksums of type %i", async (type) => {
    for (const block of (await hdfs.locatedBlocks("/f")).blocks) await place(block, type);
    await read(0, 5000);
    expect(ways()).toEqual(["disk 2048", "disk 2048", "disk 904"]);
    for (const [offset, length] of [
      [0, 1],
      [511, 2],
      [2047, 2],
      [2048, 512],
      [4999, 10],
      [100, 4500],
    ] as const) {
      await read(offset, length);
      expect(ways().every((way) => way.startsWith("disk"))).toBe(true);
    }
    expect(cluster.log.some(({ operation }) => operation === "OPEN")).toBe(false);
  });

  it("a block that is not there comes by OPEN", async () => {
    const [, second] = (await hdfs.locatedBlocks("/f")).blocks;
    await place(second!);
    await read(0, 5000);
    expect(ways()).toEqual(["OPEN 2048", "disk 2048", "OPEN 904"]);
  });

  it("a wrong checksum, a short block, another version, odd checksums: by OPEN, and the bytes are right", async () => {
    const [first, second, third] = (await hdfs.locatedBlocks("/f")).blocks;
    const path = await place(first!);
    const changed = data.slice(0, 2048);
    changed[1500]! ^= 1;
    await writeFile(path, changed);
    await truncate(await place(second!), 2000);
    await rm(`${await place(third!)}_${third!.generationStamp}.meta`);
    await read(0, 5000);
    expect(ways()).toEqual(["disk 0", "OPEN 2048", "OPEN 2048", "OPEN 904"]);
    await place(second!);
    await writeFile(`${blockPath(directory, second!)}_${second!.generationStamp}.meta`, "no checksums");
    await read(2048, 2048);
    expect(ways()).toEqual(["OPEN 2048"]);
  });

  it("without the DataNode's page all comes by OPEN", async () => {
    cluster.dataNodes[0]!.dataDirectory = undefined;
    await read(0, 5000);
    expect(ways()).toEqual(["OPEN 2048", "OPEN 2048", "OPEN 904"]);
  });

  it("off by default", async () => {
    for (const block of (await hdfs.locatedBlocks("/f")).blocks) await place(block);
    hdfs.close();
    ({ hdfs } = quickClient({ nameNodes: cluster.nameNodes }));
    await read(0, 5000);
    expect(ways()).toEqual(["OPEN 5000"]);
  });
});
