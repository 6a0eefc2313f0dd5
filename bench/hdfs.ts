// HDFS over WebHDFS beside Hadoop's own client, on servers that this starts, in one run: one and four readers, one writer,
// and the commands of both that copy a file out and in. Rounds go through all rows, each from another row on; the first
// round warms up and does not count. What a command takes for an empty file is its start-up, told apart. Servers and
// clients share the machine: figures are for comparing within one table.
//
//   npm run build && node --conditions=millrace-source bench/hdfs.ts [--mib 1024] [--rounds 5]

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { cpSync, mkdtempSync, openSync, closeSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { cpus, devNull, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { fetchJars, findTools, startHdfs } from "@millrace/local-hdfs";
import { createDefaultStorages } from "@millrace/storage";

const { values } = parseArgs({
  options: { mib: { type: "string", default: "1024" }, rounds: { type: "string", default: "5" } },
});
const bytes = Number(values.mib) * 2 ** 20;
const rounds = Number(values.rounds);
const found = findTools(process.env);
if (found.kind === "missing") throw new Error(found.reason);
const directory = mkdtempSync(join(tmpdir(), "millrace-bench-hdfs-"));
const hdfs = await startHdfs({
  tools: found.tools,
  jars: await fetchJars(found.tools),
  directory: join(directory, "hdfs"),
  dataNodes: 1,
  replication: 1,
  fullCompiler: true,
});
const environment = { HADOOP_CONF_DIR: hdfs.confDir, HADOOP_USER_NAME: hdfs.user };
const storage = createDefaultStorages(environment);
const localReads = createDefaultStorages({ ...environment, HADOOP_CONF_DIR: withLocalReads() });
const [local, empty] = [join(directory, "file"), join(directory, "empty")];
const [remote, remoteEmpty] = ["hdfs:///file", "hdfs:///empty"];
const shell = "org.apache.hadoop.fs.FsShell";
const millraceCommand = fileURLToPath(import.meta.resolve("@millrace/cli/bin"));
const pieceBytes = 2 ** 20;

/** One line of the table. */
interface Row {
  readonly name: string;
  /** Row whose time is its start-up. */
  readonly startUp?: string;
  readonly run: () => Promise<void>;
}

const rows: readonly Row[] = [
  { name: "hadoop fs -cat", startUp: "hadoop fs -cat, empty", run: async () => hadoop("-cat", remote) },
  { name: "millrace fs cat", startUp: "millrace fs cat, empty", run: async () => millrace("cat", remote) },
  { name: "one reader", run: async () => read(storage, 0, bytes) },
  { name: "four readers", run: async () => readByFour() },
  { name: "one reader, local reads", run: async () => read(localReads, 0, bytes) },
  { name: "hadoop fs -put", startUp: "hadoop fs -put, empty", run: async () => hadoop("-put", "-f", local, "/put") },
  {
    name: "millrace fs put",
    startUp: "millrace fs put, empty",
    run: async () => millrace("put", "--overwrite", local, "hdfs:///put"),
  },
  { name: "one writer", run: async () => write("hdfs:///written") },
  { name: "hadoop fs -cat, empty", run: async () => hadoop("-cat", remoteEmpty) },
  { name: "hadoop fs -put, empty", run: async () => hadoop("-put", "-f", empty, "/put-empty") },
  { name: "millrace fs cat, empty", run: async () => millrace("cat", remoteEmpty) },
  {
    name: "millrace fs put, empty",
    run: async () => millrace("put", "--overwrite", empty, "hdfs:///put-empty"),
  },
];
const times = new Map<string, number[]>(rows.map(({ name }) => [name, []]));
const piece = new Uint8Array(pieceBytes).map((_, index) => (index * 31 + (index >> 9)) & 255);

try {
  makeFiles();
  await hadoop("-put", local, remote);
  await hadoop("-put", empty, remoteEmpty);
  await checkContent();
  for (let round = 0; round <= rounds; round += 1) {
    for (let place = 0; place < rows.length; place += 1) {
      const row = rows[(place + round * 5) % rows.length];
      if (row === undefined) continue;
      const begun = performance.now();
      await row.run();
      if (round > 0) times.get(row.name)?.push(performance.now() - begun);
    }
  }
  printTable();
} finally {
  await hdfs.stop();
  rmSync(directory, { recursive: true, force: true });
}

function printTable(): void {
  const load = loadavg()[0]?.toFixed(1);
  console.log(
    `Hadoop ${hdfs.version}, one DataNode; ${values.mib} MiB, ${rounds} rounds; ${cpus().length} CPUs, load ${load}`,
  );
  console.log("MB/s: median (least to greatest)             whole             without start-up");
  for (const { name, startUp } of rows) {
    if (name.endsWith("empty")) continue;
    const startMs = startUp === undefined ? 0 : median(times.get(startUp) ?? []);
    const whole = rates(times.get(name) ?? [], 0);
    console.log(
      `${name.padEnd(28)} ${whole.padStart(22)} ${startUp === undefined ? "" : rates(times.get(name) ?? [], startMs).padStart(28)}`,
    );
  }
  for (const { name } of rows.filter((row) => row.name.endsWith("empty"))) {
    const all = times.get(name) ?? [];
    const [least, most] = [Math.min(...all), Math.max(...all)].map((ms) => ms.toFixed(0));
    console.log(`${name.padEnd(28)} ${median(all).toFixed(0)} ms (${least} to ${most})`);
  }
  for (const [ours, theirs] of [
    ["one reader", "hadoop fs -cat"],
    ["four readers", "hadoop fs -cat"],
    ["one writer", "hadoop fs -put"],
  ] as const) {
    const startMs = median(times.get(`${theirs}, empty`) ?? []);
    const [mine, whole] = [median(times.get(ours) ?? []), median(times.get(theirs) ?? [])];
    const [bare, all] = [(whole - startMs) / mine, whole / mine].map((ratio) => ratio.toFixed(2));
    console.log(`${ours}: ${bare} of ${theirs} without its start-up, ${all} of it with`);
  }
}

function median(all: readonly number[]): number {
  const sorted = all.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

function rates(all: readonly number[], startMs: number): string {
  // A run that took less than the usual start-up says nothing: the machine is busy, or the file too small.
  const rate = (ms: number): string => (ms > startMs ? (bytes / 1e3 / (ms - startMs)).toFixed(0) : "?");
  return `${rate(median(all))} (${rate(Math.max(...all))} to ${rate(Math.min(...all))})`;
}

function makeFiles(): void {
  const file = openSync(local, "w");
  for (let written = 0; written < bytes; written += piece.length) {
    piece[0] = written / piece.length;
    writeSync(file, piece);
  }
  closeSync(file);
  writeFileSync(empty, "");
}

/** Both ways of reading give what was put there. */
async function checkContent(): Promise<void> {
  const expected = createHash("sha256").update(readFileSync(local)).digest("hex");
  for (const each of [storage, localReads]) {
    const hash = createHash("sha256");
    await read(each, 0, bytes, (into) => void hash.update(into));
    if (hash.digest("hex") !== expected) throw new Error("what was read is not what was written");
  }
}

async function write(uri: string): Promise<void> {
  const writer = await storage.create(uri, { replace: true });
  for (let written = 0; written < bytes; written += piece.length) await writer.write(piece);
  const closed = await writer.close();
  if (closed !== bytes) throw new Error(`${closed} bytes were written`);
}

async function read(
  from: typeof storage,
  begin: number,
  end: number,
  take?: (into: Uint8Array) => void,
): Promise<void> {
  const reader = await from.open(remote);
  const into = new Uint8Array(pieceBytes);
  for (let at = begin; at < end;) {
    const got = await reader.read(at, into.subarray(0, Math.min(into.length, end - at)));
    if (got === 0) throw new Error(`the file ends at ${at}`);
    take?.(into.subarray(0, got));
    at += got;
  }
  await reader.close();
}

async function readByFour(): Promise<void> {
  const quarter = Math.ceil(bytes / 4);
  const readers = [0, 1, 2, 3].map(async (index) =>
    read(storage, index * quarter, Math.min(bytes, (index + 1) * quarter)),
  );
  await Promise.all(readers);
}

async function hadoop(...args: readonly string[]): Promise<void> {
  await hdfs.run(shell, args, { stdoutPath: devNull });
}

async function millrace(...args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [millraceCommand, "fs", ...args, "-q"], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, ...environment },
  });
  const [exit] = (await once(child, "close")) as [number | null];
  if (exit !== 0) throw new Error(`millrace fs ${args.join(" ")} ended with ${exit}`);
}

/** A configuration of the same cluster by which blocks are read from the DataNode's disk. */
function withLocalReads(): string {
  const confDir = join(directory, "local-reads");
  cpSync(hdfs.confDir, confDir, { recursive: true });
  const site = join(confDir, "hdfs-site.xml");
  const property = "<property><name>millrace.hdfs.local-reads</name><value>true</value></property>";
  writeFileSync(site, readFileSync(site, "utf8").replace("</configuration>", `${property}</configuration>`));
  return confDir;
}
