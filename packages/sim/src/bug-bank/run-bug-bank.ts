// Is the simulator any good? Each planted bug is put into a copy of the built engine, as a change of its text, and the
// simulator must find it. The copy is a tree of its own, so nothing of the product knows of bugs.

import {
  cpSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  mkdirSync,
} from "node:fs";
import { spawn } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { plantedBugs } from "./planted-bugs.ts";
import type { PlantedBug } from "./planted-bugs.ts";

const packages = realpathSync(fileURLToPath(new URL("../../..", import.meta.url)));

/** Run all planted bugs, or the one named. @returns 0 when each was found within `seeds`. */
export async function runBugBank(only: string | undefined, seeds: number): Promise<number> {
  const chosen = plantedBugs.filter((bug) => only === undefined || bug.name === only);
  if (chosen.length === 0)
    throw new Error(
      `Cannot plant "${only}": no bug of that name; choose one of ${plantedBugs.map(({ name }) => name).join(", ")}`,
    );
  let missed = 0;
  for (const bug of chosen) {
    const found = await seek(bug, seeds);
    if (found === undefined) missed += 1;
    process.stdout.write(`${bug.name} (${bug.row}): ${found ?? `not found in ${seeds} seeds`}\n`);
  }
  process.stdout.write(`${chosen.length - missed} of ${chosen.length} planted bugs found\n`);
  return missed === 0 ? 0 : 1;
}

async function seek(bug: PlantedBug, seeds: number): Promise<string | undefined> {
  const root = mkdtempSync(join(tmpdir(), "millrace-bug-"));
  try {
    const scope = plant(root, bug);
    const output = await run(join(scope, "sim/bin/sim.js"), ["--seed", "1", "--seeds", String(seeds), "--first"]);
    return /^seed (\d+) failed: (.*)$/m.exec(output)?.slice(1).join(": ").slice(0, 160);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Copy the built packages and change one text in one file. @returns the directory with the packages. */
function plant(root: string, bug: PlantedBug): string {
  const scope = join(root, "node_modules/@millrace");
  mkdirSync(scope, { recursive: true });
  for (const name of ["core", "sim"]) cpSync(join(packages, name), join(scope, name), { recursive: true });
  for (const name of ["data", "ports"]) symlinkSync(join(packages, name), join(scope, name));
  const file = join(scope, "core/dist", bug.file);
  const text = readFileSync(file, "utf8");
  const places = text.split(bug.from).length - 1;
  if (places !== 1)
    throw new Error(
      `Cannot plant "${bug.name}": its text stands ${places} times in core/dist/${bug.file}; bring the bug up to date`,
    );
  writeFileSync(
    file,
    text.replace(bug.from, () => bug.to),
  );
  return scope;
}

function run(script: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { stdio: ["ignore", "pipe", "inherit"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.on("error", reject);
    child.on("close", () => resolve(output));
  });
}
