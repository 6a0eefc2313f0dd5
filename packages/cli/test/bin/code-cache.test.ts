import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  truncateSync,
  utimesSync,
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
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "main.mjs")], {
    encoding: "utf8",
    env,
    cwd: root,
    timeout: 20_000,
  });
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

  it("removes what was not used for longest from a directory that has grown full", () => {
    run();
    const kept = entries();
    const folder = join(code(), "of-an-old-version");
    mkdirSync(folder);
    writeFileSync(join(folder, "large"), "");
    truncateSync(join(folder, "large"), 65 * 2 ** 20);
    utimesSync(join(folder, "large"), 1, 1);
    run();
    expect(entries()).toEqual(kept);
    const names = Array.from({ length: 1_024 }, (_, index) => String(index).padStart(4, "0"));
    for (const [index, name] of names.entries()) {
      writeFileSync(join(folder, name), "");
      utimesSync(join(folder, name), index, index);
    }
    run();
    expect(entries().toSorted()).toEqual([...kept, ...names.slice(-767).map((name) => join(folder, name))].toSorted());
  });

  it("needs a home that is there, and makes nothing in a relative one", () => {
    const environment = { XDG_CACHE_HOME: "" };
    for (const HOME of ["/proc/1", "home", "", join(root, "none")]) {
      expect(run({ ...environment, HOME })).toBe("one");
    }
    expect(readdirSync(root).toSorted()).toEqual(["main.mjs", "said.mjs"]);
    mkdirSync(join(root, "home"));
    expect(run({ ...environment, HOME: join(root, "home") })).toBe("one");
    expect(readdirSync(join(root, "home/.cache/millrace"))).toEqual(["code"]);
    expect(run({ XDG_CACHE_HOME: "/proc/1/none/none" })).toBe("one");
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
