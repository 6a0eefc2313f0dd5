import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { contractTargets, type ContractTarget } from "./contract-target.ts";

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString("utf8");

/** Bytes that differ at every position, so that a piece in the wrong place shows. */
function pattern(bytes: number): Uint8Array {
  const data = new Uint8Array(bytes);
  for (let index = 0; index < bytes; index += 1) data[index] = (index * 7 + (index >> 8)) & 255;
  return data;
}

describe.each(contractTargets())("contents of files on $name", ({ name, start, gateway }) => {
  let target: ContractTarget;
  let serial = 0;
  const fresh = (): string => `${target.root}/file-${serial++}`;

  beforeAll(async () => {
    target = await start();
  });
  afterAll(async () => {
    await target.stop();
  });

  it("create() writes what open() gives back", async () => {
    const path = fresh();
    expect(await target.hdfs.create(path, "hello\n")).toBe(6);
    expect(text(await target.hdfs.readFile(path))).toBe("hello\n");
    expect(await target.hdfs.status(path)).toMatchObject({ kind: "file", bytes: 6, owner: "root", permission: 0o644 });
  });

  it("create() makes an empty file, which open() reads as nothing", async () => {
    const path = fresh();
    expect(await target.hdfs.create(path, new Uint8Array(0))).toBe(0);
    expect(await target.hdfs.readFile(path)).toEqual(new Uint8Array(0));
  });

  it("create() sends a stream of unknown length", async () => {
    const path = fresh();
    const data = pattern(300_000);
    async function* chunks() {
      for (let at = 0; at < data.length; at += 70_001) yield data.subarray(at, at + 70_001);
    }
    expect(await target.hdfs.create(path, chunks())).toBe(300_000);
    expect(Buffer.compare(await target.hdfs.readFile(path), data)).toBe(0);
  });

  it("create() refuses a file that is there, and replaces it when told to", async () => {
    const path = fresh();
    await target.hdfs.create(path, "first");
    const refused = target.hdfs.create(path, pattern(5_000_000));
    await expect(refused).rejects.toMatchObject({ name: "WebHdfsError", operation: "CREATE", path });
    if (!gateway) await expect(refused).rejects.toMatchObject({ exception: "FileAlreadyExistsException", status: 403 });
    expect(text(await target.hdfs.readFile(path))).toBe("first");
    await target.hdfs.create(path, "second", { overwrite: true });
    expect(text(await target.hdfs.readFile(path))).toBe("second");
  });

  it("create() gives permission, replication and block size", async () => {
    const path = fresh();
    await target.hdfs.create(path, "x", { permission: 0o600, replication: 1, blockBytes: 1024 });
    expect(await target.hdfs.status(path)).toMatchObject({ permission: 0o600, replication: 1, blockBytes: 1024 });
  });

  it("create() refuses a block size that is no multiple of 512", async () => {
    const made = target.hdfs.create(fresh(), "x", { blockBytes: 1000 });
    await expect(made).rejects.toMatchObject({ kind: "remote", exception: "HadoopIllegalArgumentException" });
  });

  it("createWriter() counts bytes and closes with their number", async () => {
    const path = fresh();
    const writer = await target.hdfs.createWriter(path, { bytes: 6 });
    await writer.write(Buffer.from("abc"));
    expect(writer.bytes).toBe(3);
    await writer.write(Buffer.from("def"));
    expect(await writer.close()).toBe(6);
    expect(text(await target.hdfs.readFile(path))).toBe("abcdef");
    await expect(writer.write(Buffer.from("x"))).rejects.toMatchObject({ kind: "invalid" });
  });

  it("createWriter() takes one piece at a time", async () => {
    const writer = await target.hdfs.createWriter(fresh());
    const first = writer.write(pattern(1000));
    await expect(writer.write(pattern(1000))).rejects.toThrow(/during a write; await each write/u);
    await first;
    expect(await writer.close()).toBe(1000);
  });

  it("createWriter() refuses to close a body shorter than announced, and one longer", async () => {
    const short = await target.hdfs.createWriter(fresh(), { bytes: 10 });
    await short.write(Buffer.from("abc"));
    await expect(short.close()).rejects.toMatchObject({ kind: "incomplete", outcome: "unknown" });
    const long = await target.hdfs.createWriter(fresh(), { bytes: 2 });
    await expect(long.write(Buffer.from("abc"))).rejects.toMatchObject({ kind: "incomplete" });
  });

  it("a write that is given up leaves a short file that looks complete", async () => {
    const path = fresh();
    const writer = await target.hdfs.createWriter(path, { bytes: 5_000_000 });
    await writer.write(pattern(1_500_000));
    writer.abort();
    await expect(writer.close()).rejects.toMatchObject({ kind: "invalid" });
    await expect
      .poll(async () => (await target.hdfs.maybeStatus(path))?.bytes ?? -1, { timeout: 10_000 })
      .toBeLessThanOrEqual(1_500_000);
    await target.hdfs.delete(path);
  });

  it("a write ends with the reason of its signal", async () => {
    const controller = new AbortController();
    const writer = await target.hdfs.createWriter(fresh(), { signal: controller.signal });
    await writer.write(Buffer.from("abc"));
    controller.abort(new Error("enough"));
    await expect(writer.close()).rejects.toThrow("enough");
  });

  it("open() reads any range, cut at the end of the file", async () => {
    const path = fresh();
    const data = pattern(3000);
    await target.hdfs.create(path, data, { blockBytes: 1024 });
    const ranges = [
      [0, 3000],
      [1000, 200],
      [1024, 1024],
      [2990, 100],
      [2999, 1],
      [3000, 1],
      [5000, 10],
      [0, 0],
    ] as const;
    for (const [offset, length] of ranges) {
      for (const perBlock of [false, true]) {
        const chunks: Uint8Array[] = [];
        for await (const chunk of target.hdfs.open(path, { offset, length, perBlock })) chunks.push(chunk);
        const expected = data.subarray(offset, offset + length);
        expect(Buffer.compare(Buffer.concat(chunks), expected), `${offset}+${length} ${perBlock}`).toBe(0);
      }
    }
  });

  it("readInto() fills a buffer, short only at the end", async () => {
    const path = fresh();
    await target.hdfs.create(path, pattern(1000));
    const into = new Uint8Array(600);
    expect(await target.hdfs.readInto(path, 100, into)).toBe(600);
    expect(Buffer.compare(into, pattern(1000).subarray(100, 700))).toBe(0);
    expect(await target.hdfs.readInto(path, 700, into)).toBe(300);
    expect(await target.hdfs.readInto(path, 1000, into)).toBe(0);
  });

  it("open() tells how much each server gave", async () => {
    const path = fresh();
    await target.hdfs.create(path, pattern(3000), { blockBytes: 1024 });
    const served: number[] = [];
    const options = { perBlock: true, onServed: ({ bytes }: { bytes: number }) => served.push(bytes) };
    await target.hdfs.readInto(path, 500, new Uint8Array(2000), options);
    expect(served).toEqual([524, 1024, 452]);
  });

  it("open() may be left early", async () => {
    const path = fresh();
    await target.hdfs.create(path, pattern(2_000_000));
    for await (const chunk of target.hdfs.open(path)) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect((await target.hdfs.status(path)).bytes).toBe(2_000_000);
  });

  it("open() of nothing and of a directory are clear errors", async () => {
    const missing = target.hdfs.readFile(`${target.root}/missing`);
    await expect(missing).rejects.toMatchObject({
      exception: "FileNotFoundException",
      javaClassName: "java.io.FileNotFoundException",
      status: 404,
    });
    await expect(target.hdfs.readFile(target.root)).rejects.toMatchObject({ kind: "invalid" });
  });

  it("append() adds to the end", async () => {
    const path = fresh();
    await target.hdfs.create(path, "one ");
    expect(await target.hdfs.append(path, "two")).toBe(3);
    expect(text(await target.hdfs.readFile(path))).toBe("one two");
  });

  it("append() to a missing file fails", async () => {
    const missing = target.hdfs.append(`${target.root}/missing`, "x");
    await expect(missing).rejects.toMatchObject({ exception: "FileNotFoundException" });
  });

  it("truncate() at a block border is done at once", async () => {
    const path = fresh();
    await target.hdfs.create(path, pattern(2048), { blockBytes: 1024 });
    expect(await target.hdfs.truncate(path, 1024)).toBe(true);
    expect((await target.hdfs.status(path)).bytes).toBe(1024);
  });

  it("concat() moves blocks and removes the sources", async () => {
    const paths = [0, 1, 2].map((index) => `${target.root}/concat/${index}`);
    const [first = "", ...rest] = paths;
    for (const path of paths) await target.hdfs.create(path, pattern(1024), { blockBytes: 1024 });
    await target.hdfs.concat(first, rest);
    expect((await target.hdfs.list(`${target.root}/concat`)).map((file) => [file.pathSuffix, file.bytes])).toEqual([
      ["0", 3072],
    ]);
  });

  it("checksum() is equal for equal bytes in equal blocks", async () => {
    const [first, second, third] = [fresh(), fresh(), fresh()];
    await target.hdfs.create(first, pattern(3000), { blockBytes: 1024 });
    await target.hdfs.create(second, pattern(3000), { blockBytes: 1024 });
    await target.hdfs.create(third, pattern(3000), { blockBytes: 2048 });
    const sum = await target.hdfs.checksum(first);
    expect(sum.algorithm).toMatch(/^MD5-of-2MD5-of-512CRC32C?$/u);
    expect(await target.hdfs.checksum(second)).toEqual(sum);
    expect(await target.hdfs.checksum(third)).not.toEqual(sum);
  });

  it("blockLocations() and locatedBlocks() cover the file", async () => {
    const path = fresh();
    await target.hdfs.create(path, pattern(3000), { blockBytes: 1024, replication: 1 });
    const blocks = await target.hdfs.blockLocations(path);
    if (name === "real HttpFS" && process.env["HDFS_TESTS_VERSION"] === "3.3.6") {
      // Its HttpFS has the name of one of the two operations, with nothing behind it.
      expect(blocks).toEqual([]);
      await expect(target.hdfs.locatedBlocks(path)).rejects.toMatchObject({ kind: "remote", outcome: "not-done" });
      return;
    }
    expect(blocks.map(({ offset, bytes }) => [offset, bytes])).toEqual([
      [0, 1024],
      [1024, 1024],
      [2048, 952],
    ]);
    expect(blocks.map(({ hosts, names, topologyPaths }) => [hosts.length, names.length, topologyPaths.length])).toEqual(
      [
        [1, 1, 1],
        [1, 1, 1],
        [1, 1, 1],
      ],
    );
    const part = await target.hdfs.blockLocations(path, { offset: 1100, length: 10 });
    expect(part.map(({ offset }) => offset)).toEqual([1024]);
    const located = await target.hdfs.locatedBlocks(path);
    expect(located).toMatchObject({ fileBytes: 3000, underConstruction: false });
    expect(located.blocks.map(({ bytes, dataNodes }) => [bytes, dataNodes.length])).toEqual([
      [1024, 1],
      [1024, 1],
      [952, 1],
    ]);
    expect(located.blocks[0]?.dataNodes[0]?.infoPort).toBeGreaterThan(0);
  });

  it("a file without the right to read it is refused", async () => {
    const path = fresh();
    await target.hdfs.create(path, "secret", { permission: 0o600 });
    await expect(target.asBob.readFile(path)).rejects.toMatchObject({
      exception: "AccessControlException",
      status: gateway ? 500 : 403,
    });
    await expect(target.asBob.create(`${target.root}/bobs`, "x")).rejects.toMatchObject({ name: "WebHdfsError" });
  });
});
