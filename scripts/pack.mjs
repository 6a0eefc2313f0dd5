// Packs `millrace` as people install it: one tarball that stands alone. The packages of this workspace lie inside it as
// bundled dependencies, what they need of others are its own dependencies, and nothing else has to be published.
//
//   node scripts/pack.mjs [--out DIR]      after a build; prints the path of the tarball
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { builtFiles, isNoted } from "./built-files.mjs";

const root = fileURLToPath(new URL("../", import.meta.url));
const outAt = process.argv.indexOf("--out");
const out = resolve(outAt < 0 ? "." : (process.argv[outAt + 1] ?? "."));

/** Workspace packages by name, with what their package.json says. */
const workspace = new Map(
  readdirSync(join(root, "packages")).flatMap((folder) => {
    const path = join(root, "packages", folder);
    if (!existsSync(join(path, "package.json"))) return [];
    const manifest = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
    return [[manifest.name, { path, manifest }]];
  }),
);
/** The command is in few files, joined from all that it needs; the compiled modules beside them would be a second copy. */
const joinedOnly = new Set(["@millrace/cli"]);

const stage = mkdtempSync(join(tmpdir(), "millrace-pack-"));
try {
  await joinFresh();
  console.log(pack());
} finally {
  rmSync(stage, { recursive: true, force: true });
}

/** Join the command and the hosts again when a package was compiled since: what is packed is what was built last. */
async function joinFresh() {
  const { entryOf } = await import("../packages/cli/bin/entry.js");
  const dist = new URL("../packages/cli/dist/", import.meta.url);
  const noted =
    isNoted(workspace.get("@millrace/cli").path, "command") &&
    isNoted(workspace.get("@millrace/task-host").path, "hosts");
  if (noted && entryOf(dist).href.endsWith("/command/cli.js")) return;
  await import("../packages/task-host/scripts/bundle-hosts.mjs");
  await import("../packages/cli/scripts/bundle-command.mjs");
}

function pack() {
  const { path, manifest } = workspace.get("millrace");
  const inside = closure(manifest);
  copyPackage(path, stage, false);
  for (const name of inside)
    copyPackage(workspace.get(name).path, join(stage, "node_modules", name), joinedOnly.has(name));
  for (const name of ["README.md", "LICENSE"]) cpSync(join(root, name), join(stage, name));
  for (const name of inside)
    writeManifest(join(stage, "node_modules", name), insideManifest(workspace.get(name).manifest));
  writeManifest(stage, {
    ...published(manifest),
    dependencies: { ...pinned(inside), ...external(inside, "dependencies") },
    optionalDependencies: external(inside, "optionalDependencies"),
    bundleDependencies: inside,
  });
  mkdirSync(out, { recursive: true });
  const run = spawnSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", out], {
    cwd: stage,
    encoding: "utf8",
    shell: false,
  });
  if (run.status !== 0) throw new Error(`npm pack failed: ${run.stderr}`);
  return join(out, JSON.parse(run.stdout)[0].filename);
}

/** Names of all workspace packages that one needs, itself left out, sorted. */
function closure(manifest) {
  const found = new Set();
  const visit = ({ dependencies = {} }) => {
    for (const name of Object.keys(dependencies)) {
      const own = workspace.get(name);
      if (own === undefined || found.has(name)) continue;
      found.add(name);
      visit(own.manifest);
    }
  };
  visit(manifest);
  return [...found].toSorted((a, b) => (a < b ? -1 : 1));
}

/** Versions of what the packages need, or can do without, from a registry: each the same wherever it is named. */
function external(names, kind) {
  const all = new Map();
  for (const name of names) {
    for (const [other, version] of Object.entries(workspace.get(name).manifest[kind] ?? {})) {
      if (workspace.has(other)) continue;
      if ((all.get(other) ?? version) !== version)
        throw new Error(`Cannot pack: "${other}" is needed as ${all.get(other)} and as ${version}; use one`);
      all.set(other, version);
    }
  }
  return Object.fromEntries([...all].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function pinned(names) {
  return Object.fromEntries(names.map((name) => [name, workspace.get(name).manifest.version]));
}

/** Sources are not packed: neither they nor the condition that asks for them. */
function published({ name, version, description, license, type, engines, exports, bin, files }) {
  const targets = Object.entries(exports).map(([path, target]) => {
    if (typeof target === "string") return [path, target];
    const { "millrace-source": _, ...others } = target;
    return [path, others];
  });
  return {
    name,
    version,
    description,
    license,
    type,
    engines,
    exports: Object.fromEntries(targets),
    ...(bin === undefined ? {} : { bin }),
    files: files.filter((folder) => folder !== "src"),
  };
}

function insideManifest(manifest) {
  const { files: _, ...kept } = published(manifest);
  const own = Object.keys(manifest.dependencies ?? {}).filter((name) => workspace.has(name));
  return { ...kept, private: true, dependencies: pinned(own) };
}

function writeManifest(directory, manifest) {
  writeFileSync(join(directory, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Copy what runs and what the compiler reads, of the last build only; maps lead to sources that are not there. */
function copyPackage(from, to, joined) {
  for (const folder of ["bin", "page"])
    if (existsSync(join(from, folder))) cpSync(join(from, folder), join(to, folder), { recursive: true });
  for (const name of builtFiles(from)) {
    if (/\.(?:map|tsbuildinfo)$/.test(name) || (joined && !name.startsWith("dist/command/"))) continue;
    cpSync(join(from, name), join(to, name));
  }
}
