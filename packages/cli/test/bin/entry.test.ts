import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const bin = fileURLToPath(new URL("../../bin/", import.meta.url));
const joinedAt = 1_000;

let root: string;

/** A package like ours, whose two copies of the command say which of them runs. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "millrace-entry-"));
  cpSync(bin, join(root, "cli/bin"), { recursive: true });
  writeFileSync(join(root, "cli/package.json"), JSON.stringify({ type: "module" }));
  mkdirSync(join(root, "cli/dist/command"), { recursive: true });
  mkdirSync(join(root, "core/dist"), { recursive: true });
  writeFileSync(join(root, "cli/dist/index.js"), saying("compiled"));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function saying(what: string): string {
  return `export const runCli = async () => { console.log("${what}"); return 0; };`;
}

function makeJoined(): void {
  writeFileSync(join(root, "cli/dist/command/cli.js"), saying("joined"));
  const path = join(root, "cli/dist/command/built-from.json");
  writeFileSync(path, JSON.stringify(["../../../core/dist/.tsbuildinfo"]));
  utimesSync(path, joinedAt, joinedAt);
}

function compileCore(at: number): void {
  const path = join(root, "core/dist/.tsbuildinfo");
  writeFileSync(path, "");
  utimesSync(path, at, at);
}

function run(): string {
  return spawnSync(process.execPath, [join(root, "cli/bin/millrace.js")], { encoding: "utf8" }).stdout.trim();
}

describe("bin/millrace.js", () => {
  it("runs the compiled files when none were joined", () => {
    expect(run()).toBe("compiled");
  });

  it("runs the joined files when no package was compiled after them", () => {
    makeJoined();
    compileCore(joinedAt - 1);
    expect(run()).toBe("joined");
  });

  it("runs the compiled files when a package was compiled after they were joined", () => {
    makeJoined();
    compileCore(joinedAt + 1);
    expect(run()).toBe("compiled");
  });

  it("runs the joined files of an installed package, which has no builds beside it", () => {
    makeJoined();
    expect(run()).toBe("joined");
  });
});
