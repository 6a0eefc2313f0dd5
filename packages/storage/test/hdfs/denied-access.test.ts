// What HDFS says of a permission reaches who reads the message, in its own words: the user, the access and the inode.
import { createWebHdfsClient } from "hdfs-webhdfs-client";
import { describe, expect, it } from "vitest";
import { listInputs } from "../../src/list-inputs.ts";
import { performStorageCall } from "../../src/perform-storage-call.ts";
import { createHdfsStorage } from "../../src/hdfs/hdfs-storage.ts";
import { writeText } from "../../src/read-text.ts";
import { fakeHdfs } from "./fake-hdfs.ts";

/** @param directories - their permissions, made in this order */
async function asAda(directories: Readonly<Record<string, number>> = {}) {
  const hdfs = await fakeHdfs({ dataNodes: 1 });
  const root = createWebHdfsClient({ nameNodes: hdfs.cluster.nameNodes, auth: { kind: "simple", user: "root" } });
  const path = new URL(hdfs.base).pathname;
  await writeText(hdfs.storage, `${hdfs.base}/secret`, { text: "x", replace: false, durable: true });
  await root.setPermission(`${path}/secret`, 0o600);
  await root.setPermission(path, 0o755);
  for (const [name, permission] of Object.entries(directories)) {
    await root.mkdirs(`${path}/${name}`);
    await root.setPermission(`${path}/${name}`, permission);
  }
  root.close();
  const { host } = new URL(hdfs.cluster.nameNodes[0] ?? "");
  const storage = createHdfsStorage({
    environment: { HADOOP_USER_NAME: "ada" },
    configuration: { directory: "/conf", names: [], get: () => undefined },
  });
  return { storage, base: `webhdfs://${host}${path}` };
}

describe("storage of a user who may not", () => {
  it("names user, access and inode of an input that may not be read", async () => {
    const { storage, base } = await asAda();
    const { refused } = await listInputs(storage, [base]);
    expect(refused).toMatchObject([
      { code: "E_INPUT_READ", reason: expect.stringMatching(/Permission denied: user=ada, .*inode="/u) },
    ]);
  });

  it("names the directory below an input that may not be listed", async () => {
    const { storage, base } = await asAda({ "in/a/b/c": 0o755, "in/a/b": 0o700 });
    await expect(listInputs(storage, [`${base}/in`])).rejects.toMatchObject({
      details: { uri: `${base}/in/a/b`, reason: "denied" },
    });
  });

  it("names them of a directory that may not be written, and tells one that is missing from it", async () => {
    const { storage, base } = await asAda();
    expect(await performStorageCall(storage, { kind: "inspect-output", uri: `${base}/out` })).toMatchObject({
      parentWritable: false,
      parentDenial: { reason: "denied", because: expect.stringMatching(/Permission denied: user=ada, .*inode="/u) },
    });
    expect(await performStorageCall(storage, { kind: "inspect-output", uri: `${base}/none/out` })).toMatchObject({
      parentDenial: { reason: "missing" },
    });
  });
});
