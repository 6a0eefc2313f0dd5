// Every configuration key, its variable and its default: flag, then MILLRACE_* variable, then millrace.yaml
// (working directory, user, system), then default.

/** The keys with their defaults, as they stand in millrace.yaml; the variable of `stateDir` is `MILLRACE_STATE_DIR`. */
export const configDefaults = {
  /** Address of the coordinator. */
  coordinator: "127.0.0.1:7450",
  /** Address on which the coordinator listens for gRPC. */
  listen: "127.0.0.1:7450",
  /** Address of the coordinator's page and API. */
  http: "127.0.0.1:7460",
  /** Directory of the coordinator's journals; without one `~/.local/state/millrace/coordinator`. */
  stateDir: "",
  /** Directory of a worker's files; without one `~/.local/state/millrace/worker`. */
  workDir: "",
  /** Attempts at a time; 0: one for each core. */
  slots: "0",
  /** Memory for pairs of an attempt. */
  taskMemory: "256MiB",
  /** Address on which a worker serves segments. */
  shuffleListen: "127.0.0.1:0",
  /** Name of this machine as storage knows it; without one what the system calls it. */
  hostName: "",
  /** Rack path of this machine. */
  rack: "/default-rack",
  /** Least level that the coordinator logs. */
  logLevel: "info",
} as const;

/** Name of a configuration key. */
export type ConfigName = keyof typeof configDefaults;

/** Give the environment variable of a key: `stateDir` becomes `MILLRACE_STATE_DIR`. */
export function variableOf(name: ConfigName): string {
  return `MILLRACE_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
