// Which configuration of Hadoop counts on this machine, and who the user is there.

import { readFileSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { emptyConfiguration, readConfiguration } from "./hadoop-configuration.ts";
import type { HadoopConfiguration } from "./hadoop-configuration.ts";

/** What decides it. */
export interface HadoopEnvironment {
  readonly HADOOP_CONF_DIR?: string | undefined;
  readonly HADOOP_HOME?: string | undefined;
  readonly HADOOP_USER_NAME?: string | undefined;
  readonly HADOOP_PROXY_USER?: string | undefined;
  readonly [name: string]: string | undefined;
}

/** Where distributions keep the configuration of clients. */
const systemDirectory = "/etc/hadoop/conf";

/**
 * Read the configuration of `HADOOP_CONF_DIR`, else of `$HADOOP_HOME/etc/hadoop`, else of `/etc/hadoop/conf`.
 * @returns an empty one when no variable is set and the system has none.
 * @throws {MillraceError} E_CONFIGURATION.
 */
export function findConfiguration(environment: HadoopEnvironment): HadoopConfiguration {
  const directory = findDirectory(environment);
  if (directory === undefined) return emptyConfiguration;
  return readConfiguration({ directory, readFile: maybeRead, environment, userName: systemUserName() });
}

/** Name the user of a cluster without security: `HADOOP_USER_NAME`, else who runs this process. */
export function hadoopUserName(environment: HadoopEnvironment): string {
  return environment.HADOOP_USER_NAME || systemUserName();
}

function findDirectory(environment: HadoopEnvironment): string | undefined {
  if (environment.HADOOP_CONF_DIR) return environment.HADOOP_CONF_DIR;
  const home = environment.HADOOP_HOME ? join(environment.HADOOP_HOME, "etc/hadoop") : undefined;
  // These two are guesses: one that holds nothing says nothing.
  return [home, systemDirectory].find((path) => path !== undefined && holdsConfiguration(path));
}

function holdsConfiguration(path: string): boolean {
  return statSync(join(path, "core-site.xml"), { throwIfNoEntry: false })?.isFile() === true;
}

function maybeRead(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw thrown;
  }
}

function systemUserName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container's user may have a number and no name.
    return String(process.getuid?.() ?? "nobody");
  }
}
