// The tarball that people install, unpacked beside what it depends on: it stands alone, the compiler finds its types, the
// command runs a job. scripts/check-examples.mjs installs it from a registry and does all examples.

import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "millrace-packed-"));
const installed = join(folder, "node_modules/millrace");
const env = { ...process.env, XDG_STATE_HOME: join(folder, "state") };

/** Run a command to its end. @returns what it printed. */
function run(command: string, words: readonly string[], cwd = folder): string {
  const { status, stdout, stderr } = spawnSync(command, words, { cwd, encoding: "utf8", env });
  expect(status, `${words.join(" ")}: ${stdout}${stderr}`).toBe(0);
  return stdout;
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly bundleDependencies?: readonly string[];
  readonly exports: Readonly<Record<string, unknown>>;
}

beforeAll(() => {
  const tarball = run(process.execPath, ["scripts/pack.mjs", "--out", folder], root).trim();
  mkdirSync(installed, { recursive: true });
  run("tar", ["-xzf", tarball, "-C", installed, "--strip-components=1"]);
  // In place of a registry: all that this workspace has from one, and nothing of its own.
  const others = readdirSync(join(root, "node_modules")).filter(
    (name) => !["@millrace", "millrace", "hdfs-webhdfs-client"].includes(name),
  );
  for (const name of others) symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const manifestOf = (directory: string): Manifest =>
  JSON.parse(readFileSync(join(directory, "package.json"), "utf8")) as Manifest;

describe("the packed package", () => {
  it("brings every package of this workspace that it needs, and asks a registry for exact versions of others", () => {
    const { dependencies = {}, bundleDependencies = [] } = manifestOf(installed);
    const inside = readdirSync(join(installed, "node_modules")).flatMap((name) =>
      name.startsWith("@")
        ? readdirSync(join(installed, "node_modules", name)).map((scoped) => `${name}/${scoped}`)
        : [name],
    );
    expect(bundleDependencies.toSorted()).toEqual(inside.toSorted());
    for (const [name, version] of Object.entries(dependencies)) expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
    for (const name of inside) {
      const own = manifestOf(join(installed, "node_modules", name));
      for (const needed of Object.keys(own.dependencies ?? {})) expect(inside, name).toContain(needed);
      expect(JSON.stringify(own.exports), name).not.toContain("millrace-source");
    }
  });

  it("has no sources, tests or maps", () => {
    const names = readdirSync(installed, { recursive: true, encoding: "utf8" });
    expect(names.filter((name) => /(?:^|\/)(?:src|test)(?:\/|$)|\.map$|tsbuildinfo/.test(name))).toEqual([]);
    expect(names.filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))).toEqual([]);
  });

  it("gives the compiler types that a job's own declarations can name", () => {
    cpSync(join(root, "examples/word-count"), join(folder, "word-count"), { recursive: true });
    writeFileSync(join(folder, "package.json"), '{"type":"module"}');
    const options = { strict: true, module: "nodenext", target: "es2023", lib: ["es2023"], types: ["node"] };
    const compilerOptions = { ...options, declaration: true, emitDeclarationOnly: true, outDir: "types", rootDir: "." };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["word-count/job.ts"] }));
    run(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "."]);
    const names = readdirSync(join(folder, "types"), { recursive: true, encoding: "utf8" });
    const declared = readFileSync(join(folder, "types", names.find((name) => name.endsWith("job.d.ts")) ?? ""), "utf8");
    expect(declared).toContain('import("millrace").Job<string');
    expect(declared).not.toContain("@millrace/");
  });

  it("runs a job file with a side file", () => {
    const at = join(folder, "word-count");
    const bin = join(installed, "bin/millrace.js");
    run(process.execPath, [bin, "run", "job.ts", "input", "out", "--file", "stop-words.txt"], at);
    const parts = (name: string): string => readFileSync(join(at, name, "part-r-00000.tsv"), "utf8");
    expect(parts("out")).toBe(parts("expected"));
    run(process.execPath, [bin, "verify", "out"], at);
  });
});
