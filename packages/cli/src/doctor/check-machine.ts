// Checks of this machine, of the configuration, and of the coordinator that commands here would call.

import { lookup } from "node:dns/promises";
import { accessSync, constants, existsSync, statfsSync } from "node:fs";
import { availableParallelism, hostname, tmpdir, totalmem } from "node:os";
import { dirname } from "node:path";
import { dataVersion } from "@millrace/data";
import { openClient } from "../client/open-client.ts";
import { endpointPath, readEndpoint } from "../client/endpoint.ts";
import { configFiles, loadConfig } from "../config/load-config.ts";
import type { Config } from "../config/load-config.ts";
import { stateHome } from "../config/state-home.ts";
import { formatBytes } from "../output/units.ts";
import { millraceVersion } from "../output/versions.ts";
import type { CheckList, Finding } from "./check.ts";
import { bad, ok } from "./check.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Spills and segments of a job are about as large as its input; below this even small ones are in danger. */
const freeBytesMin = 2 ** 30;

/** Check what every command needs. */
export async function checkMachine(list: CheckList, environment: Environment): Promise<void> {
  const subject = "this machine";
  await list.make({ subject, name: "versions", next: "install Node 22.18 or later" }, () =>
    ok(`Millrace ${millraceVersion()}, data version ${dataVersion}, Node ${process.versions.node}`),
  );
  await list.make({ subject, name: "resources", next: "free memory" }, () =>
    ok(`${availableParallelism()} core(s), ${formatBytes(totalmem())} of memory`),
  );
  await list.make({ subject, name: "host name", next: "" }, () => checkHostName());
  for (const [name, path] of [
    ["temporary files", tmpdir()],
    ["state", stateHome(environment)],
  ] as const)
    await list.make({ subject, name, next: `make ${path} writable` }, () => checkDirectory(path));
  await checkConfiguration(list, environment);
  await list.make({ subject: "coordinator", name: "reachable", next: "start one with `millrace cluster up`" }, () =>
    checkCoordinator(environment),
  );
}

async function checkHostName(): Promise<Finding> {
  const name = hostname();
  try {
    const { address } = await lookup(name);
    return ok(`${name} is ${address}`);
  } catch {
    return bad("warning", `${name} does not resolve`, "add it to /etc/hosts if workers are to be called by that name");
  }
}

/** A directory that is not there yet is made when it is needed: then its nearest parent counts. */
function checkDirectory(path: string): Finding {
  let there = path;
  while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
  try {
    accessSync(there, constants.W_OK | constants.X_OK);
  } catch {
    return bad("failed", `${there} cannot be written`, `make ${there} writable`);
  }
  const { bavail, bsize } = statfsSync(there);
  const free = bavail * bsize;
  if (free < freeBytesMin) return bad("warning", `${path}: ${formatBytes(free)} free`, "free space on its disk");
  return ok(`${path}: ${formatBytes(free)} free`);
}

/** Each value that is not the default is shown with where it comes from. */
async function checkConfiguration(list: CheckList, environment: Environment): Promise<void> {
  let config: Config | undefined;
  await list.make({ subject: "configuration", name: "values", next: "mend the key" }, async () => {
    config = await loadConfig({ flags: {}, environment, files: configFiles(environment) });
    const set = Object.values(config).filter(({ origin }) => origin !== "default").length;
    return ok(set === 0 ? "all values are the defaults" : `${set} value(s) are not the default`);
  });
  for (const [name, { value, origin }] of Object.entries(config ?? {})) {
    if (origin === "default") continue;
    await list.make({ subject: "configuration", name, next: "" }, () => ok(`${value} (from ${origin})`));
  }
}

async function checkCoordinator(environment: Environment): Promise<Finding> {
  const path = endpointPath(environment);
  if (!existsSync(path))
    return { state: "skipped", detail: "none was started by this user", next: "start one with `millrace cluster up`" };
  const endpoint = readEndpoint(path);
  const client = await openClient(endpoint);
  try {
    const workers = await client.workers();
    const alive = workers.filter(({ state }) => state === "alive").length;
    if (alive > 0) return ok(`${endpoint.address}, ${alive} worker(s)`);
    return bad("warning", `${endpoint.address} has no worker`, "start one with `millrace worker`");
  } finally {
    await client.close();
  }
}
