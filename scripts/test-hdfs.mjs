// `npm run test:hdfs`: tests against Hadoop's own NameNode and DataNodes. Without Java or Maven they are skipped, with the
// reason; with --require, as CI has it, that is a failure.
//
//   node scripts/test-hdfs.mjs [--require] [vitest arguments]
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { fetchJars, findTools } from "@millrace/local-hdfs";

const args = process.argv.slice(2).filter((arg) => arg !== "--require");
const required = args.length < process.argv.length - 2;
const found = findTools(process.env);
if (found.kind === "missing") {
  console.log(`HDFS tests ${required ? "FAILED" : "skipped"}: ${found.reason}`);
  process.exit(required ? 1 : 0);
}
await fetchJars(found.tools, {
  onDownload: () => console.log("Fetching Hadoop's jars by Maven, about 65 MB, once"),
});
const vitest = fileURLToPath(new URL("vitest.mjs", import.meta.resolve("vitest/package.json")));
const config = fileURLToPath(new URL("../vitest.hdfs.config.ts", import.meta.url));
const run = spawnSync(process.execPath, [vitest, "run", "--config", config, ...args], { stdio: "inherit" });
process.exit(run.status ?? 1);
