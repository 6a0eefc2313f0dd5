// What the storage of HDFS promises beyond the port: blocks and their hosts, HDFS's own rules of renaming, awkward names,
// and nothing left by a write that comes late.

import { randomUUID } from "node:crypto";
import { createDefaultStorages } from "@millrace/storage";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = `hdfs:///storage-${randomUUID()}`;
const storage = createDefaultStorages(process.env);

beforeAll(async () => {
  await storage.makeDirectory(root);
});
afterAll(async () => {
  await storage.remove(root);
});

describe("the storage of HDFS", () => {
  it("reads a file at any place, tells who served it, and names the hosts and racks of its blocks", async () => {
    const uri = `${root}/blocks`;
    const content = new Uint8Array(9 * 1024 * 1024 + 5).map((_, index) => index % 251);
    const writer = await storage.create(uri);
    for (let at = 0; at < content.length; at += 1_000_003) await writer.write(content.subarray(at, at + 1_000_003));
    expect(await writer.close()).toBe(content.length);
    let served = 0;
    const reader = await storage.open(uri, {
      onServed: ({ bytes }) => {
        served += bytes;
      },
    });
    const into = new Uint8Array(content.length);
    for (let at = 0; at < content.length;) at += await reader.read(at, into.subarray(at, at + 700_001));
    await reader.close();
    expect(Buffer.compare(into, content)).toBe(0);
    expect(served).toBe(content.length);
    const blocks = await storage.locate(uri, 0, content.length);
    expect(blocks.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(content.length);
    expect(blocks.every(({ hosts, racks }) => hosts.length > 0 && racks?.length === hosts.length)).toBe(true);
  });

  it("publishes onto an empty directory, and moves inside none", async () => {
    await storage.makeDirectory(`${root}/staged/below`);
    await storage.makeDirectory(`${root}/target`);
    await storage.publish(`${root}/staged`, `${root}/target`);
    expect((await storage.list(`${root}/target`)).map(({ uri }) => uri)).toEqual([`${root}/target/below`]);
    expect(await storage.status(`${root}/staged`)).toBeUndefined();
  });

  it("makes no directory again that was swept while a file was written", async () => {
    const writer = await storage.create(`${root}/staging/file`);
    await storage.remove(`${root}/staging`);
    await writer.write(new Uint8Array(10));
    await expect(writer.close()).rejects.toMatchObject({ details: { reason: "missing" } });
    expect(await storage.status(`${root}/staging`)).toBeUndefined();
  });

  it.each(["a b", "100%", "+;=&#?", "é😀", "x[y]{z}", "it's", "back\\slash", "~"])(
    "keeps the name %j",
    async (name) => {
      const directory = `${root}/names/${encodeURIComponent(name)}`;
      await (await storage.create(`${directory}/${encodeURIComponent(name)}`)).close();
      const [found] = await storage.listBelow(directory);
      expect(decodeURIComponent(found?.uri.slice(root.length) ?? "")).toBe(`/names/${name}/${name}`);
      await storage.rename(found?.uri ?? "", `${root}/moved`);
      await storage.remove(`${root}/moved`);
    },
  );
});
