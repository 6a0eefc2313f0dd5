// `npm run test:hdfs`: tests against Hadoop's own NameNode and DataNodes. Without Java or Maven they are skipped, with the
// reason; with --require, as CI has it, that is a failure.
//
//   node scripts/test-hdfs.mjs [--require] [--ha] [vitest arguments]      --ha: two NameNodes, one on standby
//   node scripts/test-hdfs.mjs --repeat 10 faults                         each fault ten times, and a table of them
//   node scripts/test-hdfs.mjs --tools                                    only says whether Java and Maven are there
//
// HDFS_TESTS_VERSION=3.3.6 takes another release of Hadoop, HDFS_TESTS_HTTPFS=0 leaves HttpFS out.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { fetchJars, findTools } from "@millrace/local-hdfs";

const own = new Set(["--require", "--ha"]);
const given = process.argv.slice(2);
const repeatAt = given.indexOf("--repeat");
const [, repeat = "1"] = repeatAt === -1 ? [] : given.splice(repeatAt, 2);
const args = given.filter((arg) => !own.has(arg));
const required = given.includes("--require");
const found = findTools(process.env);
if (given.includes("--tools")) {
  console.log(
    found.kind === "found" ? `Java ${found.tools.javaMajor} and Maven are there` : `Missing: ${found.reason}`,
  );
  process.exit(found.kind === "found" ? 0 : 1);
}
if (found.kind === "missing") {
  console.log(`HDFS tests ${required ? "FAILED" : "skipped"}: ${found.reason}`);
  process.exit(required ? 1 : 0);
}
const version = process.env.HDFS_TESTS_VERSION;
// Before the tests, as their time has limits: servers alone, with HttpFS, with Hadoop's own jobs.
for (const set of process.env.HDFS_TESTS_HTTPFS === "0" ? ["hdfs", "jobs"] : ["hdfs", "httpfs", "jobs"])
  await fetchJars(found.tools, {
    set,
    ...(version === undefined ? {} : { version }),
    onDownload: () => console.log(`Fetching Hadoop's jars by Maven (${set}), up to 90 MB, once`),
  });
const vitest = fileURLToPath(new URL("vitest.mjs", import.meta.resolve("vitest/package.json")));
const config = fileURLToPath(new URL("../vitest.hdfs.config.ts", import.meta.url));
const run = spawnSync(process.execPath, [vitest, "run", "--config", config, ...args], {
  stdio: "inherit",
  env: { ...process.env, HDFS_TESTS_REPEAT: repeat, ...(given.includes("--ha") ? { HDFS_TESTS_HA: "1" } : {}) },
});
process.exit(run.status ?? 1);
