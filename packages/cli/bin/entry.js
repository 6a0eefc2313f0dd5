// Which code the command runs: the joined files of scripts/bundle-command.mjs, which load in half the time, unless a
// package was compiled after they were made. Keeps to what Node 22 knows, as bin/millrace.js looks at that first.

import { readFileSync, statSync } from "node:fs";

/**
 * Give the URL of the module that has `runCli`.
 * @param {URL} dist the directory that `tsc` and the bundling write to, with a slash at its end
 * @returns {URL}
 */
export function entryOf(dist) {
  const joined = new URL("command/", dist);
  return isFresh(joined) ? new URL("cli.js", joined) : new URL("index.js", dist);
}

/** An installed package has no builds to compare with. */
function isFresh(joined) {
  const path = new URL("built-from.json", joined);
  const made = modifiedMs(path);
  if (made === undefined) return false;
  const builds = JSON.parse(readFileSync(path, "utf8"));
  return builds.every((build) => (modifiedMs(new URL(build, joined)) ?? 0) <= made);
}

function modifiedMs(url) {
  return statSync(url, { throwIfNoEntry: false })?.mtimeMs;
}
