// Start an HttpFS server: the REST gateway before HDFS, which is one more client of it to the servers.

import { mkdirSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import type { ClusterLayout } from "../configuration/cluster-properties.ts";
import { propertiesXml } from "../configuration/hadoop-files.ts";
import { FreePorts } from "../processes/free-ports.ts";
import type { ServerRunner } from "./server-runner.ts";
import { waitUntil } from "./wait-until.ts";

const host = "127.0.0.1";
const askTimeoutMs = 5_000;

/** Start it and wait until it answers for the root directory. @returns its base address. */
export async function startHttpFs(
  { directory, confDir, user }: ClusterLayout,
  { runner, startTimeoutMs }: { readonly runner: ServerRunner; readonly startTimeoutMs: number },
): Promise<string> {
  const port = await new FreePorts().take(host);
  const home = join(directory, "httpfs");
  const folders = { log: join(home, "log"), temp: join(home, "temp") };
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true });
  const properties = {
    "httpfs.http.hostname": host,
    "httpfs.http.port": port,
    "httpfs.hadoop.config.dir": confDir,
    [`httpfs.proxyuser.${user}.hosts`]: "*",
    [`httpfs.proxyuser.${user}.groups`]: "*",
  };
  writeFileSync(join(confDir, "httpfs-site.xml"), propertiesXml(properties));
  // Signs the cookies of a server that lives for a test.
  writeFileSync(join(confDir, "httpfs-signature.secret"), "local\n");
  const server = runner.start("httpfs", {
    mainClass: "org.apache.hadoop.fs.http.server.HttpFSServerWebServer",
    heapMiB: 256,
    definitions: {},
    systemProperties: {
      "httpfs.home.dir": home,
      "httpfs.config.dir": confDir,
      "httpfs.log.dir": folders.log,
      "httpfs.temp.dir": folders.temp,
    },
  });
  const address = `http://${host}:${port}`;
  await waitUntil(async () => answers(`${address}/webhdfs/v1/?op=GETFILESTATUS&user.name=${user}`), {
    what: "HttpFS to answer",
    timeoutMs: startTimeoutMs,
    processes: [server],
  });
  return address;
}

async function answers(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(url, { signal: AbortSignal.timeout(askTimeoutMs), agent: false }, (response) => {
      response.resume();
      response.on("end", () => resolve(response.statusCode === 200));
      response.on("error", () => resolve(false));
    });
    request.on("error", () => resolve(false));
  });
}
