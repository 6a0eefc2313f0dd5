// HDFS over WebHDFS beside Hadoop's own client, on servers that this starts, in one run: the commands that copy a file in
// and out, one and four readers, one writer, and how long many small files take to be listed and planned. Servers and
// clients share the machine, and Hadoop's JVMs run with the first compiler alone: figures are for comparing in one table.
//
//   npm run build && node --conditions=millrace-source bench/hdfs.ts [MiB] [rounds] [small files]

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fetchJars, findTools, startHdfs } from "@millrace/local-hdfs";
import { createDefaultStorages } from "@millrace/storage";

const [mebibytes, rounds, smallFiles] = [256, 3, 0].map((byDefault, index) =>
  Number(process.argv[index + 2] ?? byDefault),
) as [number, number, number];
const bytes = mebibytes * 2 ** 20;
const found = findTools(process.env);
if (found.kind === "missing") throw new Error(found.reason);
const directory = mkdtempSync(join(tmpdir(), "millrace-bench-hdfs-"));
const hdfs = await startHdfs({
  tools: found.tools,
  jars: await fetchJars(found.tools),
  directory: join(directory, "hdfs"),
  replication: 1,
});
const storage = createDefaultStorages({ HADOOP_CONF_DIR: hdfs.confDir, HADOOP_USER_NAME: hdfs.user });
const local = join(directory, "file");
const remote = "hdfs:///file";
const shell = "org.apache.hadoop.fs.FsShell";
const piece = new Uint8Array(2 ** 20).map((_, index) => (index * 31) & 255);

try {
  const file = openSync(local, "w");
  for (let written = 0; written < bytes; written += piece.length) writeSync(file, piece);
  const rows: (readonly [what: string, run: () => Promise<void>])[] = [
    ["hadoop fs -put", async () => hdfs.run(shell, ["-put", "-f", local, remote])],
    ["millrace fs put", async () => void millrace("fs", "put", "--overwrite", local, remote)],
    ["one writer", async () => write("hdfs:///written")],
    ["hadoop fs -get", async () => hdfs.run(shell, ["-get", "-f", remote, `${local}.hadoop`])],
    ["millrace fs get", async () => void millrace("fs", "get", "--overwrite", remote, `${local}.millrace`)],
    ["one reader", async () => read(0, bytes)],
    ["four readers", async () => readByFour()],
  ];
  const best = new Map(rows.map(([what]) => [what, Number.POSITIVE_INFINITY]));
  for (let round = 0; round < rounds; round += 1) {
    for (const [what, run] of rows) {
      const begun = performance.now();
      await run();
      best.set(what, Math.min(best.get(what) ?? 0, performance.now() - begun));
    }
  }
  console.log(`${mebibytes} MiB, best of ${rounds}`);
  for (const [what, ms] of best)
    console.log(`${what.padEnd(18)} ${(bytes / 1e3 / ms).toFixed(0).padStart(6)} MB/s ${Math.round(ms)} ms`);
  if (smallFiles > 0) await planSmallFiles();
} finally {
  await hdfs.stop();
  rmSync(directory, { recursive: true, force: true });
}

async function write(uri: string): Promise<void> {
  const writer = await storage.create(uri, { replace: true });
  for (let written = 0; written < bytes; written += piece.length) await writer.write(piece);
  await writer.close();
}

async function read(begin: number, end: number): Promise<void> {
  const reader = await storage.open(remote);
  const into = new Uint8Array(2 ** 20);
  for (let offset = begin; offset < end; offset += into.length) await reader.read(offset, into);
  await reader.close();
}

async function readByFour(): Promise<void> {
  const quarter = Math.ceil(bytes / 4);
  await Promise.all([0, 1, 2, 3].map(async (index) => read(index * quarter, Math.min(bytes, (index + 1) * quarter))));
}

async function planSmallFiles(): Promise<void> {
  const many = join(directory, "many");
  mkdirSync(many);
  for (let index = 0; index < smallFiles; index += 1) writeFileSync(join(many, `n${index}`), `some words ${index}\n`);
  await hdfs.run(shell, ["-put", "-t", "16", many, "hdfs:///many"]);
  const begun = performance.now();
  const plan = millrace("run", "word-count", "hdfs:///many", "hdfs:///counts", "--dry-run");
  console.log(`${smallFiles} small files planned in ${Math.round(performance.now() - begun)} ms`);
  console.log(plan.split("\n").slice(0, 6).join("\n"));
}

function millrace(...args: readonly string[]): string {
  const bin = fileURLToPath(import.meta.resolve("@millrace/cli/bin"));
  const run = spawnSync(process.execPath, [bin, ...args], {
    encoding: "utf8",
    env: { ...process.env, HADOOP_CONF_DIR: hdfs.confDir, HADOOP_USER_NAME: hdfs.user },
  });
  if (run.status !== 0) throw new Error(run.stderr);
  return run.stdout;
}
