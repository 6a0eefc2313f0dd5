import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const module = fileURLToPath(new URL("../../bin/code-cache.js", import.meta.url));

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "millrace-code-cache-"));
  writeFileSync(join(root, "said.mjs"), 'export const said = "one";');
  writeFileSync(
    join(root, "main.mjs"),
    `import { enableCodeCache } from ${JSON.stringify(module)};
     enableCodeCache(process.env);
     console.log((await import("./said.mjs")).said);`,
  );
});

afterEach(() => {
  chmodSync(root, 0o700);
  rmSync(root, { recursive: true });
});

function run(environment: Readonly<Record<string, string>> = {}): string {
  const { NODE_COMPILE_CACHE: _one, NODE_DISABLE_COMPILE_CACHE: _other, ...own } = process.env;
  const env = { ...own, XDG_CACHE_HOME: join(root, "cache"), ...environment };
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "main.mjs")], { encoding: "utf8", env });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout.trim();
}

const code = (): string => join(root, "cache/millrace/code");
const entries = (): readonly string[] =>
  readdirSync(code()).flatMap((folder) => readdirSync(join(code(), folder)).map((name) => join(code(), folder, name)));

describe("enableCodeCache()", () => {
  it("keeps what was compiled, and never gives stale code", () => {
    expect(run()).toBe("one");
    expect(entries()).toHaveLength(1);
    expect(run()).toBe("one");
    // As long as before, at the same place.
    writeFileSync(join(root, "said.mjs"), 'export const said = "two";');
    expect(run()).toBe("two");
    expect(entries()).toHaveLength(1);
  });

  it("survives damaged entries", () => {
    run();
    for (const path of entries()) truncateSync(path, 20);
    expect(run()).toBe("one");
    for (const path of entries()) writeFileSync(path, "x".repeat(5_000));
    expect(run()).toBe("one");
  });

  it("clears a directory that has grown full", () => {
    run();
    const folder = join(code(), "of-an-old-version");
    mkdirSync(folder);
    writeFileSync(join(folder, "large"), "");
    truncateSync(join(folder, "large"), 65 * 2 ** 20);
    run();
    expect(readdirSync(code())).not.toContain("of-an-old-version");
    mkdirSync(folder);
    for (let count = 0; count <= 512; count += 1) writeFileSync(join(folder, String(count)), "");
    run();
    expect(entries()).toHaveLength(1);
  });

  it("takes no code from a directory that others can write", () => {
    run();
    for (const path of entries()) rmSync(path);
    for (const directory of [code(), join(code(), "..")]) {
      chmodSync(directory, 0o777);
      expect(run()).toBe("one");
      chmodSync(directory, 0o700);
    }
    expect(entries()).toHaveLength(0);
  });

  it.runIf(process.getuid?.() === 0)("takes no code from a directory of another user", () => {
    run();
    for (const path of entries()) rmSync(path);
    const nobody = 65_534;
    chownSync(code(), nobody, nobody);
    expect(run()).toBe("one");
    expect(entries()).toHaveLength(0);
  });

  it("does without when the directory cannot be made", () => {
    writeFileSync(join(root, "cache"), "a file");
    expect(run()).toBe("one");
  });

  it("leaves all to a user who has said how", () => {
    expect(run({ NODE_DISABLE_COMPILE_CACHE: "1" })).toBe("one");
    expect(run({ NODE_COMPILE_CACHE: join(root, "own") })).toBe("one");
    expect(readdirSync(root)).not.toContain("cache");
  });
});
