// Which Java and which Maven this machine has. Both are needed to run Hadoop's own servers, and neither comes with npm:
// what is missing is told in a sentence, so that a caller can skip, refuse or install.

import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Programs that start Hadoop. */
export interface Tools {
  readonly java: string;
  readonly javaMajor: number;
  readonly maven: string;
}

/** What was found, or what is missing and what to do about it. */
export type ToolsSearch =
  | { readonly kind: "found"; readonly tools: Tools }
  | { readonly kind: "missing"; readonly reason: string };

/** Hadoop 3.4 is built for 8 and runs on 11 and 17; from 24 on Java has no security manager, without which it ends. */
const javaMajorMin = 11;
const javaMajorMax = 23;
/** A JVM says its version within a second; a busy machine gets time. */
const askTimeoutMs = 30_000;

/** Look for `java` in `JAVA_HOME` and `PATH`, and for `mvn` in `PATH`. @param environment variables of the process. */
export function findTools(environment: Readonly<Record<string, string | undefined>>): ToolsSearch {
  const home = environment["JAVA_HOME"];
  const directories = (environment["PATH"] ?? "").split(delimiter).filter((name) => name !== "");
  const java = findProgram("java", home ? [join(home, "bin"), ...directories] : directories);
  if (java === undefined) return missing("there is no `java` in JAVA_HOME or PATH; install a JRE 17");
  const javaMajor = askVersion(java);
  if (javaMajor === undefined) return missing(`"${java}" does not tell its version; install a JRE 17`);
  if (javaMajor < javaMajorMin || javaMajor > javaMajorMax)
    return missing(
      `"${java}" is Java ${javaMajor}, Hadoop needs ${javaMajorMin} to ${javaMajorMax}; point JAVA_HOME to a JRE 17`,
    );
  const maven = findProgram("mvn", directories);
  if (maven === undefined) return missing("there is no `mvn` in PATH; install Maven 3");
  return { kind: "found", tools: { java, javaMajor, maven } };
}

function missing(reason: string): ToolsSearch {
  return { kind: "missing", reason };
}

function findProgram(name: string, directories: readonly string[]): string | undefined {
  return directories.map((directory) => join(directory, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** `java -version` prints `openjdk version "17.0.15" …` on stderr; before 9 it was `"1.8.0_452"`. */
function askVersion(java: string): number | undefined {
  const run = spawnSync(java, ["-XX:-UsePerfData", "-version"], { encoding: "utf8", timeout: askTimeoutMs });
  const match = /version "(?:1\.)?(\d+)/u.exec(`${run.stdout}${run.stderr}`);
  return run.status === 0 && match?.[1] !== undefined ? Number(match[1]) : undefined;
}
