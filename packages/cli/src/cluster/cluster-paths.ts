// Where the things of a cluster on this machine lie.

import { join } from "node:path";
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

/** Give the directory of the cluster of a user who names none. */
export function defaultClusterDirectory(environment: Readonly<Record<string, string | undefined>>): string {
  return join(stateHome(environment), "cluster");
}
