import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { configDefaults, variableOf } from "../../src/config/config-keys.ts";
import { configFiles, loadConfig } from "../../src/config/load-config.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-config-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const write = (name: string, text: string): string => {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
};

describe("loadConfig()", () => {
  it("prefers flag, then variable, then the first file, then the default, and says which", async () => {
    const near = write("near.yaml", "slots: 3\nrack: /near\n");
    const far = write("far.yaml", "rack: /far\nlogLevel: warn\n");
    const config = await loadConfig({
      flags: { slots: "1" },
      environment: { MILLRACE_SLOTS: "2", MILLRACE_LISTEN: "127.0.0.1:1" },
      files: [near, far],
    });
    expect(config.slots).toEqual({ value: "1", origin: "flag" });
    expect(config.listen).toEqual({ value: "127.0.0.1:1", origin: "MILLRACE_LISTEN" });
    expect(config.rack).toEqual({ value: "/near", origin: near });
    expect(config.logLevel).toEqual({ value: "warn", origin: far });
    expect(config.http).toEqual({ value: configDefaults.http, origin: "default" });
  });

  it("refuses an unknown key with the nearest known one", async () => {
    const path = write("millrace.yaml", "slot: 3\n");
    await expect(loadConfig({ flags: {}, environment: {}, files: [path] })).rejects.toThrow(
      /unknown key "slot" \(did you mean "slots"\?\)/,
    );
  });

  it("refuses an unknown variable with the nearest known one", async () => {
    await expect(loadConfig({ flags: {}, environment: { MILLRACE_SLOT: "1" }, files: [] })).rejects.toThrow(
      /"MILLRACE_SLOT": no such key \(did you mean "MILLRACE_SLOTS"\?\)/,
    );
  });

  it.each([
    ["a list", "- a\n"],
    ["broken YAML", "a: [\n"],
    ["a nested value", "rack: { a: 1 }\n"],
    ["the same key twice", "rack: /a\nrack: /b\n"],
  ])("refuses %s and names the file", async (_, text) => {
    const path = write("millrace.yaml", text);
    await expect(loadConfig({ flags: {}, environment: {}, files: [path] })).rejects.toMatchObject({
      code: "E_CONFIGURATION",
      message: expect.stringContaining("millrace.yaml"),
    });
  });

  it("names variables after keys", () => {
    expect(variableOf("stateDir")).toBe("MILLRACE_STATE_DIR");
  });
});

describe("configFiles()", () => {
  it.each(["", "config"])("takes no XDG_CONFIG_HOME that is not absolute, such as '%s'", (home) => {
    const own = join(homedir(), ".config/millrace/millrace.yaml");
    expect(configFiles({ XDG_CONFIG_HOME: home })).toEqual(["millrace.yaml", own, "/etc/millrace/millrace.yaml"]);
    expect(configFiles({ XDG_CONFIG_HOME: directory })[1]).toBe(join(directory, "millrace/millrace.yaml"));
  });
});
