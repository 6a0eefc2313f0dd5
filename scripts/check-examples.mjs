// Does what an outside user does: packs `millrace`, installs it beside a copy of examples/ in an empty folder, checks the
// types of the examples, runs their tests, then the commands of examples/README.md, and compares with expected/.
// Needs a build and a registry.
//
//   node scripts/check-examples.mjs [--rewrite]      with --rewrite expected/ becomes what came out
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const source = join(root, "examples");
const rewrite = process.argv.includes("--rewrite");
const folder = mkdtempSync(join(tmpdir(), "millrace-examples-"));
const begun = performance.now();
/** State of the command of its own, and the Node that runs this. */
const env = {
  ...process.env,
  PATH: `${join(process.execPath, "..")}${delimiter}${process.env.PATH ?? ""}`,
  XDG_STATE_HOME: join(folder, "state"),
  NODE_OPTIONS: "",
};

try {
  const tarball = run(root, process.execPath, ["scripts/pack.mjs", "--out", folder]).trim();
  for (const name of readdirSync(source))
    if (name !== "node_modules") cpSync(join(source, name), join(folder, name), { recursive: true });
  step("install", () =>
    run(folder, "npm", ["install", "--no-audit", "--no-fund", "--no-save", "--no-package-lock", tarball]),
  );
  step("types", () => run(folder, "npm", ["run", "--silent", "types"]));
  step("tests", () => run(folder, "npm", ["test", "--silent"]));
  const commands = commandsOf(readFileSync(join(source, "README.md"), "utf8"));
  const names = readdirSync(source).filter(
    (name) => statSync(join(source, name)).isDirectory() && name !== "node_modules",
  );
  for (const name of names)
    if (!commands.has(name)) throw new Error(`Cannot run the example ${name}: README.md has no command for it`);
  for (const [name, words] of commands) step(name, () => runExample(join(folder, name), name, words));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function step(name, act) {
  const from = performance.now();
  act();
  console.log(`examples: ${name} passed in ${((performance.now() - from) / 1000).toFixed(1)} s`);
}

/** Commands by the heading that they stand below. */
function commandsOf(readme) {
  const commands = new Map();
  let heading = "";
  for (const line of readme.split("\n")) {
    if (line.startsWith("## ")) heading = line.slice(3);
    const match = /^npx millrace run (.+)$/.exec(line);
    if (match !== null) commands.set(heading, match[1].split(" "));
  }
  return commands;
}

function runExample(at, name, words) {
  const millrace = join(folder, "node_modules/.bin/millrace");
  run(at, millrace, ["run", ...words, "--dry-run"]);
  run(at, millrace, ["run", ...words]);
  run(at, millrace, ["verify", "out"]);
  const expected = join(source, name, "expected");
  if (rewrite) {
    rmSync(expected, { recursive: true, force: true });
    cpSync(join(at, "out"), expected, { recursive: true, filter: (path) => !path.endsWith("_SUCCESS") });
    return;
  }
  const [made, wanted] = [filesBelow(join(at, "out")), filesBelow(expected)];
  if (made.join() !== wanted.join()) throw new Error(`${name} wrote ${made.join(", ")}, not ${wanted.join(", ")}`);
  for (const file of made) {
    const [is, should] = [join(at, "out", file), join(expected, file)].map((path) => readFileSync(path, "utf8"));
    if (is !== should) throw new Error(`${name} wrote another ${file}:\n${is}\nexpected:\n${should}`);
  }
}

/** Paths of all files but the manifest, which names the run. */
function filesBelow(directory) {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== "_SUCCESS")
    .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
    .toSorted((a, b) => (a < b ? -1 : 1));
}

function run(cwd, command, words) {
  const done = spawnSync(command, words, { cwd, env, encoding: "utf8", timeout: 300_000 });
  if (done.status === 0) return done.stdout;
  throw new Error(
    `${[command, ...words].join(" ")} ended with ${done.status ?? done.signal}:\n${done.stdout}${done.stderr}${done.error?.message ?? ""}`,
  );
}

console.log(`examples: all passed in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
