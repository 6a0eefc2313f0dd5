#!/usr/bin/env node
// The `millrace` command. Old Nodes must get one clear line, so this file keeps to syntax and modules that they know.
const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  process.stderr.write(
    `error Cannot run on Node ${process.versions.node}: Millrace needs Node 22.18 or newer; ` +
      "install it, or use `npx millrace` in a project that has the `node` package [E_NODE_VERSION]\n",
  );
  process.exit(78);
}
// Node 22 says of node:sqlite, which locks directories, that it is experimental: nothing that a user could act on.
const emitWarning = process.emitWarning.bind(process);
process.emitWarning = (warning, ...how) => {
  if (!String(warning).startsWith("SQLite is an experimental feature")) emitWarning(warning, ...how);
};
const { enableCodeCache } = await import("./code-cache.js");
enableCodeCache(process.env);
const { entryOf } = await import("./entry.js");
const { runCli } = await import(entryOf(new URL("../dist/", import.meta.url)).href);
process.exitCode = await runCli(process.argv.slice(2));
// Nothing that a command has begun outlives it: exiting by hand spares taking V8's heap down page by page, 7 ms. What still
// waits to be written, where a stream does not write at once, is waited for.
if ([process.stdout, process.stderr].every((stream) => stream.writableLength === 0)) process.exit();
