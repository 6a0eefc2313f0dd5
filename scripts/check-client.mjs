// Does with `hdfs-webhdfs-client` what people do who have never heard of Millrace: packs it, installs the tarball in an
// empty folder, and runs the first example of its README, types checked, against the fake cluster that it brings along.
// Needs a build.
//
//   node scripts/check-client.mjs
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const source = join(root, "packages/hdfs-webhdfs-client");
const folder = mkdtempSync(join(tmpdir(), "webhdfs-client-"));
const begun = performance.now();

/** Runs the example beside a cluster of two NameNodes, the first of which is on standby; alice has a home there. */
const runner = `
import { createWebHdfsClient } from "hdfs-webhdfs-client";
import { startFakeCluster } from "hdfs-webhdfs-client/testing";
const cluster = await startFakeCluster({ nameNodes: 2, dataNodes: 3 });
cluster.setState(0, "standby");
cluster.setState(1, "active");
const superuser = createWebHdfsClient({ nameNodes: cluster.nameNodes, auth: { kind: "simple", user: "root" } });
await superuser.mkdirs("/user/alice");
await superuser.setOwner("/user/alice", { owner: "alice" });
superuser.close();
process.env["NAME_NODES"] = JSON.stringify(cluster.nameNodes);
await import("./example.ts");
await cluster.stop();
`;

try {
  const packed = JSON.parse(run(source, "npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", folder]));
  const names = packed[0].files.map(({ path }) => path);
  for (const name of ["LICENSE", "README.md", "dist/index.js", "dist/testing/index.d.ts", "src/index.ts"])
    if (!names.includes(name)) throw new Error(`Cannot publish the client: ${name} is not in ${packed[0].filename}`);
  const strange = names.filter((name) => !/^(?:dist|src)\/.*\.(?:ts|js|map)$|^[A-Za-z]+(?:\.md|\.json)?$/.test(name));
  if (strange.length > 0) throw new Error(`Cannot publish the client: the tarball has ${strange.join(", ")}`);

  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  run(folder, "npm", ["install", "--offline", "--no-audit", "--no-fund", join(folder, packed[0].filename)]);
  writeFileSync(join(folder, "example.ts"), exampleOf(readFileSync(join(source, "README.md"), "utf8")));
  writeFileSync(join(folder, "runner.ts"), runner);
  checkTypes();
  const printed = run(folder, process.execPath, ["runner.ts"]);
  const wanted = "hello\nfile 6 greeting.txt\n";
  if (printed !== wanted) throw new Error(`The README's example printed ${JSON.stringify(printed)}, not ${wanted}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`client: packed, installed and run in ${((performance.now() - begun) / 1000).toFixed(1)} s`);

/** The first `ts` block, with the addresses of the cluster that is there. */
function exampleOf(readme) {
  const text = /^```ts\n(.*?)^```$/ms.exec(readme)?.[1] ?? "";
  const list = /nameNodes: \[[^\]]*\]/;
  if (!list.test(text)) throw new Error("Cannot run the README's example: its first ts block names no nameNodes");
  return text.replace(list, 'nameNodes: JSON.parse(process.env["NAME_NODES"] ?? "[]") as string[]');
}

/** Strictly, with the declarations in the tarball and those of Node. */
function checkTypes() {
  const compilerOptions = {
    strict: true,
    noEmit: true,
    module: "nodenext",
    target: "es2023",
    allowImportingTsExtensions: true,
    types: ["node"],
    typeRoots: [join(root, "node_modules/@types")],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["runner.ts", "example.ts"] }));
  run(folder, process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "."]);
}

function run(cwd, command, words) {
  const env = { ...process.env, NODE_OPTIONS: "" };
  const done = spawnSync(command, words, { cwd, env, encoding: "utf8", timeout: 120_000 });
  if (done.status === 0) return done.stdout;
  throw new Error(
    `${[command, ...words].join(" ")} ended with ${done.status ?? done.signal}:\n${done.stdout}${done.stderr}${done.error?.message ?? ""}`,
  );
}
