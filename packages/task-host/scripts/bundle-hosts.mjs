// Joins the two programs of a host (I/O process, compute thread) into a few files each: a host boots from 5 files in
// place of 190, which takes 40 ms of processor time in place of 97. Run after `tsc -b`; without it hosts boot slower.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { noteJoined } from "../../../scripts/built-files.mjs";
import { surfaceParts } from "./surface-parts.mjs";

const packages = fileURLToPath(new URL("../../", import.meta.url));
const dist = fileURLToPath(new URL("../dist/", import.meta.url));

/** Left out where nothing of them is used: a host lists no inputs and locks no directory, and each costs some ms. */
const outside = {
  name: "outside",
  setup: ({ onResolve }) => {
    onResolve({ filter: /^(?:node:|picomatch$)/ }, ({ path }) => ({ path, external: true, sideEffects: false }));
  },
};

const outdir = join(dist, "hosts");
const parts = surfaceParts(packages, "compute/");

const { metafile } = await build({
  // Names of chunks depend on paths from here, not on where this was started.
  absWorkingDir: packages,
  entryPoints: [
    ...["compute/compute-thread", "compute/millrace-surface", "process/host-main"].map((name) => ({
      in: `${dist}${name}.js`,
      out: name,
    })),
    ...parts.entryPoints,
  ],
  outdir,
  bundle: true,
  // The job's `millrace` and the engine beside it are one copy: what both use stands in chunks of its own.
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node22",
  plugins: [parts.plugin, outside],
  metafile: true,
  logLevel: "warning",
});

noteJoined(outdir, [...Object.keys(metafile.outputs).map((path) => join(packages, path)), await parts.write(outdir)]);
