// What is packed is of the last build, however often a tree was built before. Works on a copy of what the workspace packs.

import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** The module has no declarations. */
interface BuiltFiles {
  readonly builtFiles: (folder: string) => readonly string[];
  readonly noteJoined: (directory: string, paths: readonly string[]) => void;
  readonly removeOrphans: (folder: string) => void;
}
const module = new URL("../built-files.mjs", import.meta.url).href;
const { builtFiles, noteJoined, removeOrphans } = (await import(module)) as BuiltFiles;

const root = fileURLToPath(new URL("../../", import.meta.url));
const twoDaysAgo = new Date(Date.now() - 2 * 86_400_000);

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-pack-test-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Write files with their own name as content. */
function put(...names: readonly string[]): void {
  for (const name of names) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), name);
  }
}

describe("builtFiles()", () => {
  it("gives compiled files that have a source, joined files by their list, and what is neither", () => {
    put("src/a.ts", "dist/a.js", "dist/a.d.ts", "dist/a.js.map", "dist/gone.js", "dist/in/gone.d.ts", "dist/a.wasm");
    put("dist/hosts/chunk-new.js", "dist/hosts/chunk-old.js");
    noteJoined(join(folder, "dist/hosts"), [join(folder, "dist/hosts/chunk-new.js")]);
    expect(builtFiles(folder)).toEqual([
      "dist/a.d.ts",
      "dist/a.js",
      "dist/a.js.map",
      "dist/a.wasm",
      "dist/hosts/chunk-new.js",
    ]);
  });
});

describe("noteJoined()", () => {
  it("removes what is neither of this build nor of the last day", () => {
    put("new.js", "recent.js", "in/old.js", "same.js");
    for (const name of ["in/old.js", "same.js"]) utimesSync(join(folder, name), twoDaysAgo, twoDaysAgo);
    noteJoined(folder, [join(folder, "new.js"), join(folder, "same.js")]);
    expect(readdirSync(folder).toSorted()).toEqual(["in", "joined.json", "new.js", "recent.js", "same.js"]);
    expect(readdirSync(join(folder, "in"))).toEqual([]);
  });
});

describe("removeOrphans()", () => {
  it("removes what the compiler made of sources that are gone, and nothing else", () => {
    put("src/a.ts", "dist/a.js", "dist/b.js", "dist/b.d.ts.map", "dist/.tsbuildinfo", "dist/command/cli.js");
    removeOrphans(folder);
    const left = readdirSync(join(folder, "dist"), { recursive: true }).map(String).toSorted();
    expect(left).toEqual([".tsbuildinfo", "a.js", "command", "command/cli.js"]);
  });
});

describe("pack.mjs", () => {
  /** Copy what is packed: packages that files are to be left in by their files, all else by links. */
  function copyWorkspace(often: readonly string[]): void {
    const link = (...path: readonly string[]): void => symlinkSync(join(root, ...path), join(folder, ...path));
    mkdirSync(join(folder, "packages"));
    for (const name of ["README.md", "LICENSE", "node_modules"]) link(name);
    cpSync(join(root, "scripts"), join(folder, "scripts"), { recursive: true });
    for (const name of readdirSync(join(root, "packages"))) {
      if (!often.includes(name)) {
        link("packages", name);
        continue;
      }
      mkdirSync(join(folder, "packages", name));
      const [from, to] = [root, folder].map((each) => join(each, "packages", name)) as [string, string];
      for (const part of readdirSync(from)) if (!["dist", "scripts"].includes(part)) link("packages", name, part);
      const lists = ["dist/command/joined.json", "dist/hosts/joined.json"];
      for (const file of ["scripts", ...lists, ...builtFiles(from)]) {
        // With their times: they tell whether something was compiled after files were joined.
        if (existsSync(join(from, file)))
          cpSync(join(from, file), join(to, file), { recursive: true, preserveTimestamps: true });
      }
    }
  }
  function pack(name: string): Buffer {
    const out = join(folder, name);
    const run = spawnSync(process.execPath, ["scripts/pack.mjs", "--out", out], { cwd: folder, encoding: "utf8" });
    expect(run.status, run.stderr).toBe(0);
    return readFileSync(run.stdout.trim());
  }

  it("packs the same bytes whatever earlier builds have left", () => {
    copyWorkspace(["core", "task-host", "cli"]);
    const clean = pack("clean");
    for (const name of ["core/dist/gone", "task-host/dist/hosts/chunk-GONE", "cli/dist/command/chunk-GONE"])
      put(`packages/${name}.js`, `packages/${name}.d.ts`);
    expect(pack("often-built").equals(clean)).toBe(true);
  });
});
