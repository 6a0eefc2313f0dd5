// Peers that come from PyPI, in a virtual environment in the cache: how they are installed, found and started.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { benchCache } from "../data/cache-directory.ts";
import type { Found, Peer, Task } from "./peer.ts";
import { variablesOf } from "./peer.ts";

/** Directory of the environment; it may not exist. */
export function pythonEnvironment(): string {
  return join(benchCache(), "python");
}

/** A peer whose programs are Python. */
export interface PythonPeer {
  readonly name: string;
  readonly kind: Peer["kind"];
  /** Name on PyPI, and of the folder `NAME-VERSION.dist-info`. */
  readonly distribution: string;
  /** Put before each program. */
  readonly prelude: string;
  readonly programs: Readonly<Partial<Record<Task, string>>>;
  /** Variables that are set before the program starts. */
  readonly environment?: (slots: number) => Readonly<Record<string, string>>;
}

/** Make the peer. The program is an argument of the interpreter, and reads its parameters from the environment. */
export function pythonPeer(peer: PythonPeer): Peer {
  return { name: peer.name, kind: peer.kind, find: async () => find(peer) };
}

function find(peer: PythonPeer): Found {
  const python = join(pythonEnvironment(), "bin", "python");
  const version = existsSync(python) ? installedVersion(peer.distribution) : undefined;
  if (version === undefined) return { kind: "missing", reason: "not installed; `npm run bench -- install-peers` does" };
  return {
    kind: "found",
    version,
    command: (task, run) => {
      const program = peer.programs[task];
      if (program === undefined) return undefined;
      return {
        file: python,
        args: ["-c", `${peer.prelude}\n${program}`],
        env: { ...variablesOf(run), ...peer.environment?.(run.slots) },
      };
    },
  };
}

/** Without starting Python, which imports a second long. */
function installedVersion(distribution: string): string | undefined {
  const libraries = join(pythonEnvironment(), "lib");
  if (!existsSync(libraries)) return undefined;
  for (const version of readdirSync(libraries)) {
    const packages = join(libraries, version, "site-packages");
    const folder = existsSync(packages)
      ? readdirSync(packages).find((name) => name.startsWith(`${distribution}-`) && name.endsWith(".dist-info"))
      : undefined;
    if (folder !== undefined) return folder.slice(distribution.length + 1, -".dist-info".length);
  }
  return undefined;
}
