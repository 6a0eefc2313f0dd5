// Starts servers and one-off programs with the configuration of one cluster, and keeps account of what runs.

import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { MillraceError } from "@millrace/core";
import { boundCommand, javaEnvironment, startJava } from "../processes/java-process.ts";
import type { JavaProcess } from "../processes/java-process.ts";
import type { LocalHdfsOptions, LocalServer, ProgramOptions } from "./local-hdfs.ts";
import { waitUntil } from "./wait-until.ts";

/** What makes one server of Hadoop. */
export interface ServerStart {
  readonly mainClass: string;
  readonly heapMiB: number;
  /** Properties of this server alone. */
  readonly definitions: Readonly<Record<string, string>>;
  /** Properties of its JVM, for servers that take none of Hadoop's own on their command line. */
  readonly systemProperties?: Readonly<Record<string, string>>;
}

/** A server that can be started again. */
export interface ServerPlan {
  readonly httpAddress: string;
  readonly start: () => JavaProcess;
  readonly ready: () => Promise<boolean>;
  readonly timeoutMs: number;
}

/** What all programs of a cluster have in common. */
export interface ServerIdentity {
  readonly confDir: string;
  readonly user: string;
  readonly tempDirectory: string;
  readonly fullCompiler: boolean;
}

/** A program that formats or switches takes a JVM's start and an answer. */
const programTimeoutMs = 90_000;
const outputCharactersMax = 16_384;

/** The programs of one cluster. */
export class ServerRunner {
  readonly #options: LocalHdfsOptions;
  readonly #identity: ServerIdentity;
  readonly #running = new Map<string, JavaProcess>();

  constructor(options: LocalHdfsOptions, identity: ServerIdentity) {
    this.#options = options;
    this.#identity = identity;
  }

  /** Give the servers that were started and not taken down since. */
  processes(): readonly JavaProcess[] {
    return [...this.#running.values()];
  }

  /** Start a server; one of the same name takes the place of the last. */
  start(name: string, { mainClass, heapMiB, definitions, systemProperties = {} }: ServerStart): JavaProcess {
    const started = startJava({
      name,
      java: this.#options.tools.java,
      heapMiB,
      classPath: this.#options.jars.classPath,
      mainClass,
      args: Object.entries(definitions).flatMap(([key, value]) => ["-D", `${key}=${value}`]),
      systemProperties,
      ...this.#identity,
      logPath: join(this.#options.directory, "logs", `${name}.log`),
      detached: this.#options.detached ?? false,
    });
    this.#running.set(name, started);
    return started;
  }

  /** Start a server and give the handle by which it is killed and brought back. */
  server(plan: ServerPlan): LocalServer {
    let current = plan.start();
    const { name, logPath } = current;
    const kill = async (): Promise<void> => {
      this.#running.delete(name);
      await current.kill();
    };
    return {
      name,
      httpAddress: plan.httpAddress,
      logPath,
      pid: () => current.pid,
      kill,
      signal: (signal) => current.signal(signal),
      restart: async () => {
        await kill();
        current = plan.start();
        await waitUntil(plan.ready, {
          what: `${name} to serve again`,
          timeoutMs: plan.timeoutMs,
          processes: [current],
        });
      },
    };
  }

  /** Run a program of Hadoop's to its end. @throws {MillraceError} E_STORAGE with its output when it fails. */
  async run(mainClass: string, args: readonly string[], { stdoutPath }: ProgramOptions = {}): Promise<void> {
    const { tools, jars, signal } = this.#options;
    const program = { heapMiB: 512, classPath: jars.classPath, mainClass, args, ...this.#identity };
    const command = boundCommand(tools.java, program);
    const file = stdoutPath === undefined ? undefined : openSync(stdoutPath, "w");
    let output = "";
    let exit: number | string;
    try {
      const child = spawn(command.file, [...command.args], {
        stdio: ["ignore", file ?? "pipe", "pipe"],
        timeout: programTimeoutMs,
        env: javaEnvironment(program),
        ...(signal === undefined ? {} : { signal }),
      });
      for (const stream of [child.stdout, child.stderr]) {
        stream?.setEncoding("utf8").on("data", (text: string) => {
          output = (output + text).slice(-outputCharactersMax);
        });
      }
      exit = await new Promise<number | string>((resolve, reject) => {
        child.on("error", reject);
        child.on("close", (code, by) => resolve(code ?? by ?? "nothing"));
      });
    } finally {
      if (file !== undefined) closeSync(file);
    }
    if (exit === 0) return;
    throw new MillraceError(
      "E_STORAGE",
      `Cannot run ${mainClass} ${args.join(" ")}: it ended with ${exit}; read what it printed:\n${output.slice(-2_000)}`,
      { details: { reason: "unknown" } },
    );
  }

  /** Stop everything at a time. */
  async stopAll(): Promise<void> {
    const all = [...this.#running.values()];
    this.#running.clear();
    await Promise.all(all.map(async (each) => each.stop()));
  }
}
