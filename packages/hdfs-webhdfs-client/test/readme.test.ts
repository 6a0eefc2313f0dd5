// Every TypeScript example of the README compiles as it stands, strictly, and runs against the fake cluster.
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type FakeCluster, startFakeCluster } from "../src/testing/index.ts";

const home = fileURLToPath(new URL("..", import.meta.url));
const examples = [...readFileSync(join(home, "README.md"), "utf8").matchAll(/```ts\n(?<code>[\s\S]*?)```/gu)].map(
  ({ groups }) => groups?.["code"] ?? "",
);
const open = `import { createWebHdfsClient } from "hdfs-webhdfs-client";
const hdfs = createWebHdfsClient({ nameNodes: ["http://nn1:9870"], auth: { kind: "simple", user: "alice" } });
`;
/** What stands before each example, by a word that only this one has: what a reader has written already. */
const before: Readonly<Record<string, string>> = {
  "greeting.txt": "",
  onServed: `${open}await hdfs.create("/logs/2024.log", Buffer.alloc(2_000_000, "x"));\n`,
  "part-2": `import { createReadStream } from "node:fs";\n${open}const bytes = Buffer.alloc(1_000);\n`,
  "part-3.tmp": `${open}const bytes = Buffer.alloc(1_000);\nawait hdfs.mkdirs("/out");\n`,
  FileAlreadyExistsException: `${open}for (const path of ["/a", "/b"]) await hdfs.create(path, "x", { overwrite: true });\n`,
  doAs: `import { createWebHdfsClient } from "hdfs-webhdfs-client";
const nameNodes = ["http://nn1:9870"];
const currentToken = async (): Promise<string> => "token";\n`,
  startFakeCluster: "",
};
/** Examples that make values for the reader to use. */
const after: Readonly<Record<string, string>> = { doAs: "\nexport { asBob, byTicket, byToken };\n" };

function wordOf(code: string): string {
  const words = Object.keys(before).filter((word) => code.includes(word));
  if (words.length !== 1) throw new Error(`An example has ${words.length} of the words: ${code}`);
  return words[0] ?? "";
}

/** A compiler and seven processes of Node start; a busy machine gets time. */
const timeout = 120_000;

describe("README", { timeout }, () => {
  const place = mkdtempSync(join(tmpdir(), "hdfs-readme-"));
  let cluster: FakeCluster;

  beforeAll(async () => {
    cluster = await startFakeCluster({ superuser: "alice" });
    mkdirSync(join(place, "node_modules"));
    symlinkSync(home, join(place, "node_modules/hdfs-webhdfs-client"));
    writeFileSync(join(place, "local.txt"), "local\n");
    writeFileSync(join(place, "package.json"), '{ "type": "module" }');
    const addresses = JSON.stringify(cluster.nameNodes);
    for (const code of examples) {
      const word = wordOf(code);
      const text = `${before[word]}${code}${after[word] ?? ""}export {};\n`;
      writeFileSync(join(place, `${word}.ts`), text.replaceAll(/\["http:\/\/nn1[^\]]*\]/gu, addresses));
    }
  });
  afterAll(async () => {
    rmSync(place, { recursive: true, force: true });
    await cluster.stop();
  });

  it("has each example once", () => {
    expect(examples.map(wordOf).toSorted()).toEqual(Object.keys(before).toSorted());
  });

  it("compiles", () => {
    const types = createRequire(import.meta.url).resolve("@types/node/package.json");
    const compilerOptions = {
      strict: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      module: "nodenext",
      target: "es2024",
      allowImportingTsExtensions: true,
      customConditions: ["millrace-source"],
      typeRoots: [dirname(dirname(types))],
      types: ["node"],
    };
    writeFileSync(join(place, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
    const compiler = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
    const run = spawnSync(process.execPath, [compiler, "-p", place], { encoding: "utf8" });
    expect(run.stdout + run.stderr).toBe("");
  });

  it.each(examples.map((code) => [wordOf(code), code]))("the example with %s runs", async (word) => {
    const child = spawn(process.execPath, ["--conditions=millrace-source", join(place, `${word}.ts`)], { cwd: place });
    let failed = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      failed += text;
    });
    child.stdout.resume();
    const exit = await new Promise((resolve) => child.on("close", resolve));
    expect([exit, exit === 0 ? "" : failed]).toEqual([0, ""]);
  });
});
