// Install peers as a user would: from PyPI into an environment of the bench's own, Hadoop by Maven. What cannot be
// installed is named, and the others are.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fetchJars, findTools } from "@millrace/local-hdfs";
import { pythonEnvironment } from "./python-peers.ts";

/** Names on PyPI by the names of peers; DataFusion's tables are made of Arrow's. */
const distributions: Readonly<Record<string, readonly string[]>> = {
  duckdb: ["duckdb"],
  polars: ["polars"],
  chdb: ["chdb"],
  datafusion: ["datafusion", "pyarrow"],
  ripgrep: ["ripgrep"],
  spark: ["pyspark"],
};
const installTimeoutMs = 900_000;

/** Install them, or all that can be when none is named. @returns the names of those that failed. */
export async function installPeers(names: readonly string[]): Promise<readonly string[]> {
  const wanted = names.length === 0 ? [...Object.keys(distributions), "hadoop"] : names;
  const failed: string[] = [];
  for (const name of wanted) {
    const isDone = name === "hadoop" ? await fetchHadoop() : installFromPyPi(name);
    console.log(`${name}: ${isDone ? "installed" : "NOT installed"}`);
    if (!isDone) failed.push(name);
  }
  return failed;
}

function installFromPyPi(name: string): boolean {
  const packages = distributions[name];
  if (packages === undefined) {
    console.log(`${name}: comes with the system; install it by the system's packages`);
    return false;
  }
  const python = join(pythonEnvironment(), "bin", "python");
  if (!existsSync(python) && !run("python3", ["-m", "venv", pythonEnvironment()])) return false;
  return run(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--upgrade", ...packages]);
}

async function fetchHadoop(): Promise<boolean> {
  const found = findTools(process.env);
  if (found.kind === "missing") {
    console.log(`hadoop: ${found.reason}`);
    return false;
  }
  try {
    await fetchJars(found.tools, { set: "jobs", onDownload: () => console.log("hadoop: Maven fetches its jars") });
    return true;
  } catch (thrown) {
    console.log(String(thrown));
    return false;
  }
}

function run(file: string, args: readonly string[]): boolean {
  console.log(`$ ${file} ${args.join(" ")}`);
  const { error, status } = spawnSync(file, [...args], { stdio: "inherit", timeout: installTimeoutMs });
  if (error !== undefined) console.log(error.message);
  return status === 0;
}
