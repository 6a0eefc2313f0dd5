// Where the things of a cluster on this machine lie.

import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { MillraceError, quote } from "@millrace/core";
import { stateHome } from "../config/state-home.ts";

/** Where things of a cluster lie. */
export interface ClusterPaths {
  readonly directory: string;
  readonly endpointFile: string;
  readonly processFile: string;
  /** Ports of the coordinator, so that it comes back where clients and workers look for it. */
  readonly portsFile: string;
}

/** Name the files of a cluster. */
export function clusterPaths(directory: string): ClusterPaths {
  return {
    directory,
    endpointFile: join(directory, "endpoint.json"),
    processFile: join(directory, "processes.json"),
    portsFile: join(directory, "ports.json"),
  };
}

/** Whether a cluster was ever started in a directory: its ports stay when it stops. */
export function holdsCluster({ portsFile, processFile }: ClusterPaths): boolean {
  return existsSync(portsFile) || existsSync(processFile);
}

/**
 * Find the cluster that is meant: of `--dir`, else the one whose endpoint file `MILLRACE_ENDPOINT_FILE` names, else the
 * user's own.
 */
export function findCluster(
  directory: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): ClusterPaths {
  if (directory !== undefined) return clusterPaths(resolve(directory));
  const endpointFile = environment["MILLRACE_ENDPOINT_FILE"];
  const named = endpointFile === undefined ? undefined : clusterPaths(dirname(resolve(endpointFile)));
  return named !== undefined && holdsCluster(named) ? named : clusterPaths(defaultClusterDirectory(environment));
}

/**
 * As {@link findCluster}, for a command that has nothing to do without one.
 *
 * @throws {MillraceError} E_USAGE when none was started there, so that `down --remove` never takes another directory.
 */
export function requireCluster(
  directory: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): ClusterPaths {
  const paths = findCluster(directory, environment);
  if (holdsCluster(paths)) return paths;
  throw new MillraceError(
    "E_USAGE",
    `Cannot find a cluster in ${quote(paths.directory)}: none was started there; give --dir with the directory that \`millrace cluster up\` named, or start one with \`millrace cluster up${directory === undefined ? "" : ` --dir ${directory}`}\``,
  );
}

/** Give the directory of the cluster of a user who names none. */
export function defaultClusterDirectory(environment: Readonly<Record<string, string | undefined>>): string {
  return join(stateHome(environment), "cluster");
}
