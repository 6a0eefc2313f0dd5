// What daemons in the background have for environment: they work in the directory of their cluster, and yet mean by their
// configuration what a daemon in the foreground would mean here.

import { resolve } from "node:path";
import type { ConfigName } from "../config/config-keys.ts";
import { variableOf } from "../config/config-keys.ts";
import { taskMemoryOf } from "../config/config-numbers.ts";
import { configFiles, loadConfig } from "../config/load-config.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Paths of Hadoop's configuration. */
const pathVariables = ["HADOOP_CONF_DIR", "HADOOP_HOME"] as const;

/**
 * Give the environment of daemons: this one, with the values of configuration files as variables and with absolute paths.
 * @param files the working directory's first.
 * @throws {MillraceError} E_CONFIGURATION for a file or a value that they would refuse.
 */
export async function daemonEnvironment(
  environment: Environment,
  files: readonly string[] = configFiles(environment),
): Promise<Environment> {
  const config = await loadConfig({ flags: {}, environment, files });
  // A worker would name the variable that it is given, not the file.
  taskMemoryOf(config.taskMemory);
  const values = Object.entries(config)
    .filter(([, { origin }]) => files.includes(origin))
    .map(([name, { value }]) => [variableOf(name as ConfigName), value]);
  const paths = pathVariables.flatMap((name) => {
    const path = environment[name];
    return path === undefined || path === "" ? [] : [[name, resolve(path)]];
  });
  return { ...environment, ...Object.fromEntries([...values, ...paths]) };
}
