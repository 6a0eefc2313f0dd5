// What doctor says of the configuration and of the coordinator is what commands with the same environment would meet.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Check } from "../../src/doctor/check.ts";
import { CheckList } from "../../src/doctor/check.ts";
import { checkMachine } from "../../src/doctor/check-machine.ts";

/** Check with these variables and homes that are empty. */
async function check(variables: Record<string, string>): Promise<readonly Check[]> {
  const directory = mkdtempSync(join(tmpdir(), "millrace-doctor-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const list = new CheckList();
  await checkMachine(list, { XDG_STATE_HOME: directory, XDG_CONFIG_HOME: directory, ...variables });
  return list.checks;
}

describe("checkMachine()", () => {
  it.each([
    ["MILLRACE_SLOTS", "lots", "slots"],
    ["MILLRACE_TASK_MEMORY", "1KiB", "taskMemory"],
    ["MILLRACE_LOG_LEVEL", "loud", "logLevel"],
    ["MILLRACE_SHUFFLE_LISTEN", "192.0.2.1:0", "shuffleListen"],
  ])("fails for %s=%s, which a daemon would refuse", async (variable, value, name) => {
    const found = (await check({ [variable]: value })).find((each) => each.name === name);
    expect(found).toMatchObject({ subject: "configuration", state: "failed", next: expect.any(String) });
    expect(found?.detail).toContain(value.replace(":0", ""));
  });

  it("shows a value that is good with its origin", async () => {
    expect(await check({ MILLRACE_SLOTS: "3" })).toContainEqual(
      expect.objectContaining({ name: "slots", state: "ok", detail: "3 (from MILLRACE_SLOTS)" }),
    );
  });

  it("asks the coordinator of MILLRACE_TOKEN and MILLRACE_COORDINATOR, as commands do", async () => {
    const checks = await check({ MILLRACE_TOKEN: "a".repeat(64), MILLRACE_COORDINATOR: "127.0.0.1:1" });
    const found = checks.find(({ subject }) => subject === "coordinator");
    expect(found).toMatchObject({ state: "failed", detail: expect.stringContaining("127.0.0.1:1") });
  });

  it("leaves out the coordinator where none is named and none was started", async () => {
    expect((await check({})).at(-1)).toMatchObject({ subject: "coordinator", state: "skipped" });
  });
});
