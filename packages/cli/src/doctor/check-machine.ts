// Checks of this machine, of the configuration, and of the coordinator that commands here would call.

import { lookup } from "node:dns/promises";
import { accessSync, constants, existsSync, statfsSync } from "node:fs";
import { availableParallelism, hostname, tmpdir, totalmem } from "node:os";
import { dirname } from "node:path";
import { dataVersion } from "@millrace/data";
import { requireLoopback } from "@millrace/rpc/endpoint";
import { openClient } from "../client/open-client.ts";
import { endpointPath, findAccess, takeToken } from "../client/endpoint.ts";
import type { ConfigName } from "../config/config-keys.ts";
import { slotsOf, taskMemoryOf } from "../config/config-numbers.ts";
import { configFiles, loadConfig } from "../config/load-config.ts";
import type { Config, ConfigValue } from "../config/load-config.ts";
import { stateHome } from "../config/state-home.ts";
import { formatBytes } from "../output/units.ts";
import { millraceVersion } from "../output/versions.ts";
import type { CheckList, Finding } from "./check.ts";
import { bad, ok } from "./check.ts";

type Environment = Record<string, string | undefined>;

/** Spills and segments of a job are about as large as its input; below this even small ones are in danger. */
const freeBytesMin = 2 ** 30;

/** Check what every command needs. @param environment loses its token, as by any command. */
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
  const config = await checkConfiguration(list, environment);
  await list.make({ subject: "coordinator", name: "reachable", next: "start one with `millrace cluster up`" }, () =>
    checkCoordinator(environment, config?.coordinator),
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

/** What daemons refuse of a value. */
const refusals: Partial<Readonly<Record<ConfigName, (given: ConfigValue) => unknown>>> = {
  listen: async ({ value }) => requireLoopback(value),
  http: async ({ value }) => requireLoopback(value),
  shuffleListen: async ({ value }) => requireLoopback(value),
  slots: slotsOf,
  taskMemory: taskMemoryOf,
  logLevel: async ({ value }) => (await import("@millrace/coordinator/start")).requireLogLevel(value),
};

/** Each value that is not the default is tried, and shown with where it comes from. */
async function checkConfiguration(list: CheckList, environment: Environment): Promise<Config | undefined> {
  let config: Config | undefined;
  await list.make({ subject: "configuration", name: "values", next: "mend the key" }, async () => {
    config = await loadConfig({ flags: {}, environment, files: configFiles(environment) });
    const set = Object.values(config).filter(({ origin }) => origin !== "default").length;
    return ok(set === 0 ? "all values are the defaults" : `${set} value(s) are not the default`);
  });
  for (const [name, given] of Object.entries(config ?? {}) as [ConfigName, ConfigValue][]) {
    if (given.origin === "default") continue;
    await list.make({ subject: "configuration", name, next: `mend it in ${given.origin}` }, async () => {
      await refusals[name]?.(given);
      return ok(`${given.value} (from ${given.origin})`);
    });
  }
  return config;
}

/** Ask the coordinator that a command here would ask. @param address undefined when the configuration cannot be read. */
async function checkCoordinator(environment: Environment, address: ConfigValue | undefined): Promise<Finding> {
  if (address === undefined)
    return { state: "skipped", detail: "no command gets that far", next: "mend the configuration" };
  const token = takeToken(environment);
  const isNamed = token !== undefined || address.origin !== "default";
  if (!isNamed && !existsSync(endpointPath(environment)))
    return { state: "skipped", detail: "none was started by this user", next: "start one with `millrace cluster up`" };
  const access = findAccess("client", address, { environment, token });
  const client = await openClient(access);
  try {
    const workers = await client.workers();
    const alive = workers.filter(({ state }) => state === "alive").length;
    if (alive > 0) return ok(`${access.address}, ${alive} worker(s)`);
    return bad("warning", `${access.address} has no worker`, "start one with `millrace worker`");
  } finally {
    await client.close();
  }
}
