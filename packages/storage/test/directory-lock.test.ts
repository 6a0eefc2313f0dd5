// The lock of a directory, with real processes: what counts is that a killed holder leaves it free.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lockDirectory, lockFileName } from "../src/directory-lock.ts";

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "millrace-lock-"))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const code = (act: () => unknown): unknown => {
  try {
    act();
    return undefined;
  } catch (thrown) {
    return (thrown as { code?: string }).code;
  }
};

describe("lockDirectory()", () => {
  it("makes the directory and refuses a second holder until the first gives it back", () => {
    const path = join(directory, "state");
    const lock = lockDirectory(path);
    expect(code(() => lockDirectory(path))).toBe("E_STATE_LOCKED");
    expect(readdirSync(path)).toEqual([lockFileName]);
    lock.release();
    lock.release();
    lockDirectory(path).release();
  });

  it.runIf(existsSync("/proc/self"))("refuses a place where a directory takes no names", () => {
    expect(() => lockDirectory("/proc/none/state")).toThrow("Cannot use the directory");
  });

  it("is held by a process that keeps no reference to it, and free at once when that process is killed", async () => {
    const module = new URL("../src/directory-lock.ts", import.meta.url).href;
    const script = `import { lockDirectory, lockFileName } from ${JSON.stringify(module)};
      lockDirectory(${JSON.stringify(directory)});
      setImmediate(() => {
        gc();
        process.stdout.write("held");
      });
      setInterval(() => {}, 1000);`;
    const flags = ["--expose-gc", "--conditions=millrace-source", "--input-type=module"];
    const holder = spawn(process.execPath, [...flags, "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    await once(holder.stdout, "data");
    expect(code(() => lockDirectory(directory))).toBe("E_STATE_LOCKED");
    holder.kill("SIGKILL");
    await once(holder, "exit");
    lockDirectory(directory).release();
  });

  it("refuses a directory where every user may write, sticky or not, and leaves nothing there", () => {
    for (const mode of [0o777, 0o1777, 0o702]) {
      const path = join(directory, `open-${mode}`);
      mkdirSync(path);
      // The mode of mkdir passes through the umask.
      chmodSync(path, mode);
      expect(code(() => lockDirectory(path))).toBe("E_CONFIGURATION");
      expect(readdirSync(path)).toEqual([]);
      chmodSync(path, 0o770);
      lockDirectory(path).release();
    }
  });

  it("says what is wrong with a directory that cannot be used", () => {
    const file = join(directory, "file");
    writeFileSync(file, "");
    expect(code(() => lockDirectory(file))).toBe("E_CONFIGURATION");
  });
});
