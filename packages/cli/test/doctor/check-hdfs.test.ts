// NameNodes as their pages of metrics show them. None that serves is a failure, told without asking for minutes.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { CheckList } from "../../src/doctor/check.ts";
import { checkHdfs } from "../../src/doctor/check-hdfs.ts";

const servers: Server[] = [];
const directory = mkdtempSync(join(tmpdir(), "millrace-doctor-"));

/** A NameNode's page; without a state it has none. */
async function nameNode(state: string | undefined, safeMode = ""): Promise<string> {
  const server = createServer((request, response) => {
    const bean = request.url?.endsWith("NameNodeStatus") === true ? { State: state } : { SoftwareVersion: "3.4.2" };
    response.statusCode = state === undefined ? 404 : 200;
    response.end(JSON.stringify({ beans: [{ ...bean, Safemode: safeMode }] }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function check(...addresses: readonly string[]): Promise<{ readonly goesOn: boolean; readonly last: unknown }> {
  const property = (name: string, value: string): string =>
    `<property><name>${name}</name><value>${value}</value></property>`;
  const properties = [
    property("dfs.ha.namenodes.ns", addresses.map((_, index) => `nn${index}`).join(",")),
    ...addresses.map((address, index) => property(`dfs.namenode.http-address.ns.nn${index}`, address)),
  ];
  writeFileSync(join(directory, "core-site.xml"), `<configuration>${properties.join("")}</configuration>`);
  const list = new CheckList();
  const goesOn = await checkHdfs(list, "hdfs://ns/x", { HADOOP_CONF_DIR: directory });
  return { goesOn, last: list.checks.at(-1) };
}

afterEach(async () => {
  await Promise.all(
    servers.splice(0).map(
      (server) =>
        new Promise((resolve) => {
          server.close(resolve);
        }),
    ),
  );
});
afterAll(() => rmSync(directory, { recursive: true }));

describe("checkHdfs()", () => {
  it("one active and one on standby is well", async () => {
    const { goesOn, last } = await check(await nameNode("active"), await nameNode("standby"));
    expect(last).toMatchObject({ state: "ok" });
    expect(goesOn).toBe(true);
  });

  it("none but standbys is a failure", async () => {
    const { goesOn, last } = await check(await nameNode("standby"), await nameNode("standby"));
    expect(last).toMatchObject({ state: "failed", next: expect.stringContaining("haadmin") as string });
    expect(goesOn).toBe(false);
  });

  it("safe mode is a failure", async () => {
    const { goesOn, last } = await check(await nameNode("active", "Safe mode is ON"), await nameNode("standby"));
    expect(last).toMatchObject({ state: "failed", next: expect.stringContaining("safemode leave") as string });
    expect(goesOn).toBe(false);
  });

  it("one that tells nothing of itself may serve", async () => {
    expect(await check(await nameNode(undefined), await nameNode("standby"))).toMatchObject({ goesOn: true });
  });
});
