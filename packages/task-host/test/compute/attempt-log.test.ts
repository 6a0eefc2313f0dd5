import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AttemptLog } from "../../src/compute/attempt-log.ts";

let directory = "";
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-log-"));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

describe("AttemptLog", () => {
  it("cuts at the cap with one mark", () => {
    const path = join(directory, "deep/er/log");
    const log = new AttemptLog(path, 10);
    log.write("12345678");
    log.write("90abc");
    log.write("more");
    log.close();
    expect(readFileSync(path, "utf8")).toBe("1234567890\n[The log was cut here: it is longer than 10 B]\n");
  });

  it("makes no file for an attempt that prints nothing", () => {
    const path = join(directory, "silent");
    const log = new AttemptLog(path);
    log.write("");
    log.close();
    log.write("too late");
    expect(existsSync(path)).toBe(false);
  });

  it("never throws where no file can be", () => {
    const log = new AttemptLog(join(process.execPath, "log"));
    log.write("x");
    log.close();
    expect(log).toBeInstanceOf(AttemptLog);
  });
});
