// Hadoop's jars in a cache of the user's: asked of Maven once for each release, used by all later runs. A directory of the
// release's name is whole: it is made beside and renamed when everything is there.

import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { MillraceError } from "@millrace/core";
import type { Tools } from "../tools/find-tools.ts";
import { copyGoal, hadoopPom, hadoopVersion } from "./hadoop-pom.ts";
import type { JarSet } from "./hadoop-pom.ts";

/** Where one release lies. */
export interface HadoopJars {
  readonly version: string;
  /** Holds `lib` with the jars, `web` with empty web applications, and `image` once a NameNode was formatted. */
  readonly directory: string;
  /** Class path behind the configuration's directory. */
  readonly classPath: readonly string[];
}

/** How to get them. */
export interface FetchOptions {
  /** What is to be run: servers alone unless given. */
  readonly set?: JarSet;
  readonly version?: string;
  readonly cacheDirectory?: string;
  /** Told once, before Maven is started. */
  readonly onDownload?: () => void;
}

/** 65 MB by a slow line. */
const mavenTimeoutMs = 600_000;
/** What Maven says last is what went wrong. */
const reasonCharactersMax = 1_500;
/** The published jar has no pages, but a server without the folders of its pages does not start. */
const webApplications = ["hdfs", "datanode", "journal", "secondary", "static"] as const;

/** Give the cache of this user: `$XDG_CACHE_HOME/millrace/hadoop` or `~/.cache/millrace/hadoop`. */
export function hadoopCacheDirectory(environment: Readonly<Record<string, string | undefined>>): string {
  const home = environment["XDG_CACHE_HOME"];
  return join(home !== undefined && isAbsolute(home) ? home : join(homedir(), ".cache"), "millrace", "hadoop");
}

/**
 * Make sure that the jars of a release are in the cache. About 65 MB the first time, nothing later.
 * @throws {MillraceError} E_STORAGE when Maven cannot get them.
 */
export async function fetchJars(tools: Tools, options: FetchOptions = {}): Promise<HadoopJars> {
  const version = options.version ?? hadoopVersion;
  const cache = options.cacheDirectory ?? hadoopCacheDirectory(process.env);
  const set = options.set ?? "hdfs";
  const directory = join(cache, set === "hdfs" ? version : `${version}-${set}`);
  if (!existsSync(directory)) {
    options.onDownload?.();
    mkdirSync(cache, { recursive: true });
    const staged = mkdtempSync(join(cache, `.${version}-`));
    try {
      await download(tools, hadoopPom(version, set), staged);
      keepFirst(staged, directory);
    } finally {
      rmSync(staged, { recursive: true, force: true });
    }
  }
  return { version, directory, classPath: [join(directory, "web"), join(directory, "lib", "*")] };
}

/** Two runs may have fetched at a time: what the first has made is as good. */
function keepFirst(staged: string, directory: string): void {
  try {
    renameSync(staged, directory);
  } catch (thrown) {
    if (!existsSync(directory)) throw thrown;
  }
}

async function download(tools: Tools, project: string, staged: string): Promise<void> {
  const pom = join(staged, "pom.xml");
  const lib = join(staged, "lib");
  writeFileSync(pom, project);
  const { exit, output } = await runMaven(tools, [
    "-q",
    "-B",
    "-f",
    pom,
    copyGoal,
    `-DoutputDirectory=${lib}`,
    "-DincludeScope=runtime",
  ]);
  const jars = existsSync(lib) ? readdirSync(lib).filter((name) => name.endsWith(".jar")).length : 0;
  if (exit !== 0 || jars === 0) {
    throw new MillraceError(
      "E_STORAGE",
      `Cannot get the jars of Hadoop: Maven ended with ${exit} and ${jars} jars, ${lastLines(output)}; check its settings and the network`,
      { details: { reason: "unknown" } },
    );
  }
  for (const name of webApplications) {
    const folder = join(staged, "web", "webapps", name, "WEB-INF");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "web.xml"), "<web-app/>\n");
  }
}

async function runMaven(
  tools: Tools,
  args: readonly string[],
): Promise<{ readonly exit: number | string; readonly output: string }> {
  const child = spawn(tools.maven, [...args], {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: mavenTimeoutMs,
    // Without it the JVM keeps counters in a file of the system's temporary directory.
    env: { ...process.env, MAVEN_OPTS: `${process.env["MAVEN_OPTS"] ?? ""} -XX:-UsePerfData`.trim() },
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-16_384);
    });
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ exit: code ?? signal ?? "nothing", output }));
  });
}

function lastLines(output: string): string {
  return output.replaceAll(/\s+/gu, " ").trim().slice(-reasonCharactersMax);
}
