// What a job imports from `millrace`, in parts: most jobs name a few things of one kind, and a host that loads all of
// them spends more on that than on a small job. Each part stands alone and holds the common one; all share their
// modules, so that a class is one whoever imports it. Used by the two scripts that join files.

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Folders of packages/formats that stand in a part of their own. What no part names is in the common one. */
const partFolders = {
  logs: ["cri", "delimited", "events", "log", "logfmt", "syslog"],
  metrics: ["metrics"],
};
/** Few jobs import these: who does takes the whole surface. */
const rareFolders = ["conformance", "hadoop"];

/**
 * Say how to join the parts.
 * @param {string} packages the directory of packages, with a slash at its end; they are compiled
 * @param {string} to where their files go, relative to esbuild's outdir, with a slash at its end or empty
 */
export function surfaceParts(packages, to) {
  const exported = [...exportsOf(packages, "sdk"), ...exportsOf(packages, "formats")];
  const folderOf = ({ path }) => path.slice("./".length).split("/")[0];
  const grouped = new Set([...Object.values(partFolders).flat(), ...rareFolders]);
  const isCommon = (each) => each.package === "sdk" || !grouped.has(folderOf(each));
  const common = exported.filter(isCommon);
  const parts = new Map([["common", common]]);
  for (const [name, folders] of Object.entries(partFolders))
    parts.set(name, [...common, ...exported.filter((each) => !isCommon(each) && folders.includes(folderOf(each)))]);
  return {
    entryPoints: [...parts.keys()].map((name) => ({ in: `surface-part:${name}`, out: `${to}surface-${name}` })),
    plugin: {
      name: "surface parts",
      setup: ({ onResolve, onLoad }) => {
        onResolve({ filter: /^surface-part:/ }, ({ path }) => ({ path, namespace: "surface-part" }));
        onLoad({ filter: /.*/, namespace: "surface-part" }, ({ path }) => ({
          contents: parts.get(path.slice("surface-part:".length)).map(lineOf).join("\n"),
          resolveDir: packages,
        }));
      },
    },
    /** Note which names are in which file, for `choose-surface.ts`: the first that has all is taken. Gives the note's path. */
    write: async (outdir) => {
      await checkComplete(packages, exported);
      const index = [...parts].map(([name, of]) => ({ file: `./surface-${name}`, names: of.map((each) => each.name) }));
      const path = join(outdir, to, "surface-parts.json");
      writeFileSync(`${path}.new`, JSON.stringify(index));
      renameSync(`${path}.new`, path);
      return path;
    },
  };
  function lineOf({ name, package: from, path }) {
    return `export { ${name} } from "./${from}/dist/${path.slice("./".length)}";`;
  }
}

/** The names that a package's index.js gives on: it has nothing but named re-exports. */
function exportsOf(packages, name) {
  const index = readFileSync(join(packages, name, "dist/index.js"), "utf8");
  return [...index.matchAll(/export \{([^}]*)\} from "([^"]+)"/g)].flatMap(([, names, path]) =>
    names
      .split(",")
      .map((word) => word.trim())
      .filter((word) => word !== "")
      .map((word) => ({ name: word, package: name, path })),
  );
}

/** A form of export that is not understood above would be missing from the parts. */
async function checkComplete(packages, exported) {
  const names = new Set(exported.map((each) => each.name));
  for (const name of ["sdk", "formats"]) {
    const module = await import(pathToFileURL(join(packages, name, "dist/index.js")).href);
    const missing = Object.keys(module).filter((word) => !names.has(word));
    if (missing.length > 0)
      throw new Error(`Cannot join: ${name}/dist/index.js exports ${missing.join(", ")} in a form not known here`);
  }
}
