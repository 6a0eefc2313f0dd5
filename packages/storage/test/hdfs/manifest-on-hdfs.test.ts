import { describe, expect, it } from "vitest";
import { performStorageCall } from "../../src/index.ts";
import { clientOf, fakeHdfs } from "./fake-hdfs.ts";

describe("performStorageCall() on HDFS", () => {
  it("writes a manifest as the part files beside it", async () => {
    const hdfs = await fakeHdfs({ dataNodes: 2, replication: 2 });
    const uri = `${hdfs.base}/_SUCCESS`;
    const as = { permission: 0o600, replication: 1, blockBytes: 1_048_576 };
    expect(await performStorageCall(hdfs.storage, { kind: "write-file", uri, text: "{}", as })).toEqual({ kind: "ok" });
    expect(await clientOf(hdfs).status("/base/_SUCCESS")).toMatchObject({ bytes: 2, ...as });
    await performStorageCall(hdfs.storage, { kind: "write-file", uri, text: "{}" });
    expect(await clientOf(hdfs).status("/base/_SUCCESS")).toMatchObject({ permission: 0o644, replication: 2 });
  });
});
