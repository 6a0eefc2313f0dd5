// The port's promises on a real HDFS, named by MILLRACE_TEST_HADOOP_CONF_DIR: skipped, and said so, where there is none.

import { storageContract } from "@millrace/ports";
import { afterAll, describe, expect, it } from "vitest";
import { createHdfsStorage } from "../../src/hdfs/hdfs-storage.ts";

const directory = process.env["MILLRACE_TEST_HADOOP_CONF_DIR"];
const storage = createHdfsStorage({ environment: { HADOOP_CONF_DIR: directory, HADOOP_USER_NAME: "root" } });
const root = `hdfs:///millrace-storage-test-${process.pid}`;

describe.skipIf(directory === undefined)("createHdfsStorage() on a real HDFS", () => {
  afterAll(() => storage.remove(root));

  it.each(storageContract)("$name", async ({ name, run }) => {
    const base = `${root}/${encodeURIComponent(name.replaceAll(/[^a-z0-9]+/giu, "-"))}`;
    await storage.makeDirectory(base);
    await run(storage, base);
  });

  it("reads a file of several blocks at any place, and names the hosts of each", async () => {
    const uri = `${root}/blocks`;
    const content = new Uint8Array(9 * 1024 * 1024 + 5).map((_, index) => index % 251);
    const writer = await storage.create(uri);
    for (let at = 0; at < content.length; at += 1_000_003) await writer.write(content.subarray(at, at + 1_000_003));
    expect(await writer.close()).toBe(content.length);
    const served = new Map<string, number>();
    const reader = await storage.open(uri, {
      onServed: ({ host, bytes }) => served.set(host, (served.get(host) ?? 0) + bytes),
    });
    const into = new Uint8Array(content.length);
    for (let at = 0; at < content.length;) at += await reader.read(at, into.subarray(at, at + 700_001));
    await reader.close();
    expect(Buffer.compare(into, content)).toBe(0);
    expect([...served.values()].reduce((sum, bytes) => sum + bytes, 0)).toBe(content.length);
    const blocks = await storage.locate(uri, 0, content.length);
    expect(blocks.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(content.length);
    expect(blocks.every(({ hosts, racks }) => hosts.length > 0 && racks?.length === hosts.length)).toBe(true);
  });

  it("makes no directory again that was swept while a file was written", async () => {
    const writer = await storage.create(`${root}/staging/file`);
    await storage.remove(`${root}/staging`);
    await writer.write(new Uint8Array(10));
    await expect(writer.close()).rejects.toMatchObject({ details: { reason: "missing" } });
    expect(await storage.status(`${root}/staging`)).toBeUndefined();
  });

  it("publish() replaces an empty directory and moves inside none", async () => {
    await storage.makeDirectory(`${root}/staged/below`);
    await storage.makeDirectory(`${root}/target`);
    await storage.publish(`${root}/staged`, `${root}/target`);
    expect((await storage.list(`${root}/target`)).map(({ uri }) => uri)).toEqual([`${root}/target/below`]);
    expect(await storage.status(`${root}/staged`)).toBeUndefined();
  });

  it.each(["a b", "100%", "+;=&#?", "é😀", "x[y]{z}", "it's", "back\\slash", "~"])(
    "keeps the name %j",
    async (name) => {
      const uri = `${root}/names/${encodeURIComponent(name)}/${encodeURIComponent(name)}`;
      await (await storage.create(uri)).close();
      const [found] = await storage.listBelow(`${root}/names/${encodeURIComponent(name)}`);
      expect(decodeURIComponent(found?.uri.slice(root.length) ?? "")).toBe(`/names/${name}/${name}`);
      expect(await storage.status(found?.uri ?? "")).toMatchObject({ kind: "file", bytes: 0 });
      await storage.rename(found?.uri ?? "", `${root}/moved`);
      await storage.remove(`${root}/moved`);
    },
  );
});
