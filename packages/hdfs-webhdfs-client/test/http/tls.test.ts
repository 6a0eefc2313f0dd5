import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWebHdfsClient, type WebHdfsClient, type WebHdfsClientOptions } from "../../src/index.ts";
import { type FakeCluster, startFakeCluster } from "../../src/testing/index.ts";
import { certificate, certificateKey } from "../fixtures/certificate.ts";

describe("HTTPS", () => {
  let cluster: FakeCluster;
  const clients: WebHdfsClient[] = [];
  const client = (options: Partial<WebHdfsClientOptions> = {}): WebHdfsClient => {
    const made = createWebHdfsClient({ nameNodes: cluster.nameNodes, tls: { ca: certificate }, ...options });
    clients.push(made);
    return made;
  };

  beforeEach(async () => {
    const tls = { cert: certificate, key: certificateKey };
    cluster = await startFakeCluster({ dataNodes: 1, replication: 1, tls });
  });
  afterEach(async () => {
    for (const made of clients.splice(0)) made.close();
    await cluster.stop();
  });

  it("both steps are secure", async () => {
    const hdfs = client();
    await hdfs.create("/f", "hello");
    expect(Buffer.from(await hdfs.readFile("/f")).toString()).toBe("hello");
    expect(await hdfs.rename("/f", "/g")).toBe(true);
  });

  it("a certificate is checked against the name in the redirect, not against the mapped address", async () => {
    cluster.traps.redirectHost = "fake.invalid";
    const hdfs = client({ hostMap: { "fake.invalid": "127.0.0.1" } });
    await hdfs.create("/f", "hello");
    cluster.traps.redirectHost = "other.invalid";
    const read = client({ hostMap: { "other.invalid": "127.0.0.1" }, retry: { dataNodeTryCountMax: 1 } }).readFile(
      "/f",
    );
    await expect(read).rejects.toThrow(/other\.invalid.*does not match certificate/u);
  });

  it("an unknown authority is refused", async () => {
    const listed = client({ tls: {}, retry: { unknownServerTryCountMax: 1 } }).list("/");
    await expect(listed).rejects.toMatchObject({ kind: "unreachable", outcome: "not-done" });
    await expect(listed).rejects.toThrow(/certificate is not accepted.*self-signed certificate.*option "tls"/u);
    await expect(listed).rejects.toMatchObject({ option: "tls" });
  });

  it("a redirect to plain HTTP is refused", async () => {
    cluster.traps.redirectScheme = "http";
    const written = client().create("/f", "hello");
    await expect(written).rejects.toMatchObject({ kind: "protocol", outcome: "not-done" });
    await expect(written).rejects.toThrow(/redirects from https to http/u);
  });
});
