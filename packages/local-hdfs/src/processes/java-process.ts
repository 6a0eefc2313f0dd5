// One server of Hadoop as a process of its own. It ends with the process that started it, where the system can promise
// that: a killed test run leaves no JVM behind.

import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { accessSync, closeSync, constants, openSync, readFileSync } from "node:fs";

/** A class to run, and with what. */
export interface JavaProgram {
  readonly heapMiB: number;
  readonly classPath: readonly string[];
  readonly mainClass: string;
  readonly args: readonly string[];
  readonly confDir: string;
  /** Who it is to Hadoop, whoever it is to the system. */
  readonly user: string;
  /** Where it unpacks its pages and native libraries; whoever is killed leaves them there. */
  readonly tempDirectory: string;
  /** Whether it is compiled as a JVM does by itself, for measuring; else it starts in half the time. */
  readonly fullCompiler: boolean;
  /** Properties of the JVM, in front of the class. */
  readonly systemProperties?: Readonly<Record<string, string>>;
}

/** A command line. */
export interface CommandLine {
  readonly file: string;
  readonly args: readonly string[];
}

/** How to start a server. */
export interface JavaStart extends JavaProgram {
  /** `namenode`, `datanode-1`, …: names the log. */
  readonly name: string;
  readonly java: string;
  readonly logPath: string;
  /** Whether it goes on when this process ends. */
  readonly detached: boolean;
}

/** A server that was started. */
export interface JavaProcess {
  readonly name: string;
  readonly pid: number;
  readonly logPath: string;
  /** Whether it still runs. */
  running(): boolean;
  signal(name: NodeJS.Signals): void;
  /** End it by SIGKILL. Resolves when it is gone. */
  kill(): Promise<void>;
  /** Ask it to end, and force it after 8 s. Resolves when it is gone. */
  stop(): Promise<void>;
}

/** A NameNode closes its log and a DataNode its blocks within a second or two. */
const stopTimeoutMs = 8_000;

/** Hadoop reaches into packages that Java 17 keeps closed. */
const opened = [
  "java.base/java.lang",
  "java.base/java.lang.reflect",
  "java.base/java.util",
  "java.base/java.util.concurrent",
  "java.base/java.io",
  "java.base/java.net",
  "java.base/java.nio",
  "java.base/java.text",
  "java.base/java.util.zip",
  "java.base/sun.nio.ch",
] as const;

/** The first compiler alone halves the time to start. */
const firstCompiler = "-XX:TieredStopAtLevel=1";

/** One collector thread is enough for a small heap. */
const jvmFlags = [
  "-XX:+UseSerialGC",
  "-XX:-UsePerfData",
  "-Djava.net.preferIPv4Stack=true",
  "-Djava.awt.headless=true",
  ...opened.flatMap((name) => ["--add-opens", `${name}=ALL-UNNAMED`]),
] as const;

/** `prctl(PR_SET_PDEATHSIG)` for a program that does not call it: in util-linux since 2.33. */
const deathSignalProgram = "/usr/bin/setpriv";

/** Put the arguments of `java` together. */
export function javaArguments(program: JavaProgram): readonly string[] {
  const { heapMiB, classPath, mainClass, args, confDir, tempDirectory, fullCompiler, systemProperties = {} } = program;
  const properties = Object.entries({ "java.io.tmpdir": tempDirectory, ...systemProperties });
  return [
    `-Xmx${heapMiB}m`,
    ...(fullCompiler ? [] : [firstCompiler]),
    ...jvmFlags,
    ...properties.map(([name, value]) => `-D${name}=${value}`),
    "-cp",
    [confDir, ...classPath].join(":"),
    mainClass,
    ...args,
  ];
}

/** Give the command that runs a program and, where the system can promise that, ends it with the process that starts it. */
export function boundCommand(java: string, program: JavaProgram): CommandLine {
  const args = javaArguments(program);
  return canBind() ? { file: deathSignalProgram, args: ["--pdeathsig", "KILL", java, ...args] } : { file: java, args };
}

/** Put its environment together. */
export function javaEnvironment({ confDir, user }: JavaProgram): NodeJS.ProcessEnv {
  return { ...process.env, HADOOP_CONF_DIR: confDir, HADOOP_USER_NAME: user };
}

/** Start a server. @throws when the program cannot be executed. */
export function startJava(start: JavaStart): JavaProcess {
  const { file, args } = start.detached
    ? { file: start.java, args: javaArguments(start) }
    : boundCommand(start.java, start);
  const log = openSync(start.logPath, "a");
  try {
    const child = spawn(file, [...args], {
      // Of a process group of its own: Ctrl-C reaches the command, and the command stops its servers in order.
      detached: true,
      stdio: ["ignore", log, log],
      env: javaEnvironment(start),
    });
    child.unref();
    if (child.pid === undefined) throw new Error(`${start.java} could not be started`);
    return handle(child, child.pid, start);
  } finally {
    closeSync(log);
  }
}

/** Give the last lines of a log, without Hadoop's long banner. */
export function logTail(path: string): string {
  const lines = readFileSync(path, "utf8").split("\n");
  return lines
    .filter((line) => line.trim() !== "" && !line.includes("STARTUP_MSG"))
    .slice(-12)
    .join("\n");
}

function canBind(): boolean {
  try {
    accessSync(deathSignalProgram, constants.X_OK);
    return process.platform === "linux";
  } catch {
    return false;
  }
}

function handle(child: ChildProcess, pid: number, start: JavaStart): JavaProcess {
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    name: start.name,
    pid,
    logPath: start.logPath,
    running,
    signal: (name) => void child.kill(name),
    kill: async () => {
      if (!running()) return;
      child.ref();
      child.kill("SIGKILL");
      await ended;
    },
    stop: async () => {
      if (!running()) return;
      child.ref();
      child.kill("SIGTERM");
      // One that was stopped by a signal hears of its end only when it goes on.
      child.kill("SIGCONT");
      const timer = setTimeout(() => child.kill("SIGKILL"), stopTimeoutMs);
      await ended;
      clearTimeout(timer);
    },
  };
}
