// Every configuration key, its variable and its default: flag, then MILLRACE_* variable, then millrace.yaml
// (working directory, user, system), then default.

/** What a key is: how it reads, and what it says. */
export interface ConfigKey {
  readonly kind: "text" | "whole" | "bytes" | "duration";
  readonly default: string;
  readonly help: string;
}

/** The keys, as they stand in millrace.yaml; the variable of `stateDir` is `MILLRACE_STATE_DIR`. */
export const configKeys = {
  coordinator: { kind: "text", default: "127.0.0.1:7450", help: "address of the coordinator" },
  listen: { kind: "text", default: "127.0.0.1:7450", help: "address on which the coordinator listens for gRPC" },
  http: { kind: "text", default: "127.0.0.1:7460", help: "address of the coordinator's page and API" },
  stateDir: {
    kind: "text",
    default: "",
    help: "directory of the coordinator's journals (default: ~/.local/state/millrace/coordinator)",
  },
  workDir: {
    kind: "text",
    default: "",
    help: "directory of a worker's files (default: ~/.local/state/millrace/worker)",
  },
  slots: { kind: "whole", default: "0", help: "attempts at a time on a worker (0: one for each core)" },
  taskMemory: { kind: "bytes", default: "256MiB", help: "memory for pairs of an attempt" },
  shuffleListen: { kind: "text", default: "127.0.0.1:0", help: "address on which a worker serves segments" },
  hostName: { kind: "text", default: "", help: "name of this machine as storage knows it" },
  rack: { kind: "text", default: "/default-rack", help: "rack path of this machine" },
  logLevel: { kind: "text", default: "info", help: "least level that daemons log: debug, info, warn, error" },
} as const satisfies Record<string, ConfigKey>;

/** Name of a configuration key. */
export type ConfigName = keyof typeof configKeys;

/** Give the environment variable of a key: `stateDir` becomes `MILLRACE_STATE_DIR`. */
export function variableOf(name: ConfigName): string {
  return `MILLRACE_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}
