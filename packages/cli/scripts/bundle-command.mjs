// Joins the command and what it loads into a few files: `millrace run` starts from 35 files in place of 310, which
// takes two thirds of the processor time. Run after `tsc -b`; without it, or when a package was compiled since,
// bin/entry.js takes the compiled files themselves. All files lie in one directory, dist/command: modules that are found
// by their place (threads, `millrace` for job files, package.json two above) are there too.

import { renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { noteJoined } from "../../../scripts/built-files.mjs";
import { surfaceParts } from "../../task-host/scripts/surface-parts.mjs";

const begun = new Date();
const packages = fileURLToPath(new URL("../../", import.meta.url));
const outdir = join(packages, "cli/dist/command");
const builtFrom = join(outdir, "built-from.json");

// Without it the command takes the compiled files: what starts meanwhile sees no half-written ones.
rmSync(builtFrom, { force: true });

/** Packages of others that `run` and `--help` wait for. All else stays where it is: some read files beside their own. */
const joined = new Set(["commander", "picomatch"]);

/** What our modules import: Node's modules are left out where nothing of them is used, since crypto alone costs 5 ms. */
const imports = {
  name: "imports",
  setup: ({ onResolve, resolve }) => {
    onResolve({ filter: /^node:/ }, ({ path }) => ({ path, external: true, sideEffects: false }));
    onResolve({ filter: /^[^./]/ }, async ({ path, importer, kind, pluginData, resolveDir }) => {
      const ours = importer.startsWith(packages) && !importer.includes("/node_modules/");
      if (pluginData === "asked" || !ours || path.startsWith("@millrace/") || isBuiltin(path) || joined.has(path))
        return;
      const ask = async (from) => (await resolve(path, { resolveDir: from, kind, pluginData: "asked" })).path;
      if ((await ask(join(packages, "cli"))) !== (await ask(resolveDir)))
        throw new Error(`Cannot leave "${path}" out: cli finds another copy than ${importer}; join it`);
      return { path, external: true };
    });
  },
};

/** Packages in the older module format ask for Node's modules by `require`. */
const banner = `import { createRequire as requireFrom } from "node:module";
const require = requireFrom(import.meta.url);`;

const parts = surfaceParts(packages, "");

const { metafile } = await build({
  absWorkingDir: packages,
  entryPoints: [
    { in: "cli/dist/index.js", out: "cli" },
    { in: "shuffle/dist/service/shuffle-thread-main.js", out: "shuffle-thread-main" },
    { in: "task-host/dist/compute/millrace-surface.js", out: "millrace-surface" },
    ...parts.entryPoints,
  ],
  outdir,
  bundle: true,
  // What a job file imports and the engine beside it are one copy: what both use stands in chunks of its own.
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node22",
  // Shipped jobs are read as they stand.
  external: ["@millrace/jobs"],
  plugins: [parts.plugin, imports],
  banner: { js: banner },
  legalComments: "eof",
  metafile: true,
  logLevel: "warning",
});

noteJoined(outdir, [
  ...Object.keys(metafile.outputs).map((path) => join(packages, path)),
  await parts.write(outdir),
  builtFrom,
]);
writeBuiltFrom();

/** Note which builds the files were made from. Its time is when this began: a package compiled meanwhile is newer. */
function writeBuiltFrom() {
  const folders = new Set(Object.keys(metafile.inputs).map((path) => /^([a-z-]+)\/dist\//.exec(path)?.[1]));
  const builds = [...folders].filter(Boolean).map((folder) => `${folder}/dist/.tsbuildinfo`);
  const inPackages = relative(outdir, packages);
  writeFileSync(`${builtFrom}.new`, JSON.stringify(builds.toSorted().map((file) => `${inPackages}/${file}`)));
  utimesSync(`${builtFrom}.new`, begun, begun);
  renameSync(`${builtFrom}.new`, builtFrom);
}
