import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { failpointNames } from "../src/failpoint-names.ts";
import { armFailpoints, awaitFailpoint, failpoint } from "../src/failpoints.ts";

afterEach(() => {
  armFailpoints(undefined);
});

describe("armFailpoints()", () => {
  it.each(["", " ; ", undefined])("arms nothing for %j", (text) => {
    armFailpoints(text);
    expect(() => failpoint("storage.rename")).not.toThrow();
  });

  it("names the nearest failpoint for one that is misspelt", () => {
    expect(() => armFailpoints("commit.beforePublsh=exit")).toThrow(
      'Cannot arm failpoint "commit.beforePublsh=exit": no failpoint has that name (did you mean "commit.beforePublish"?); correct MILLRACE_FAILPOINTS',
    );
  });

  it.each([
    "storage.rename",
    "storage.rename=",
    "storage.rename=explode",
    "storage.rename=delay",
    "storage.rename=kill:1",
    "=exit",
  ])("refuses %j", (entry) => {
    expect(() => armFailpoints(entry)).toThrow(expect.objectContaining({ code: "E_CONFIGURATION" }));
  });
});

describe("failpoint()", () => {
  const passes = (count: number) =>
    Array.from({ length: count }, () => {
      try {
        failpoint("storage.rename");
        return "passed";
      } catch {
        return "failed";
      }
    });

  it("fails as often as it is told", () => {
    armFailpoints("storage.rename=error:2;storage.open=error");
    expect(passes(4)).toEqual(["failed", "failed", "passed", "passed"]);
  });

  it("fails from the given pass on", () => {
    armFailpoints("storage.rename=error*1@3");
    expect(passes(5)).toEqual(["passed", "passed", "failed", "passed", "passed"]);
  });

  it("throws an error whose outcome is unknown", async () => {
    armFailpoints("storage.rename=error");
    await expect(awaitFailpoint("storage.rename")).rejects.toMatchObject({
      code: "E_STORAGE",
      details: { reason: "unknown" },
    });
  });

  it.each([
    ["exit", { status: 86, signal: null }],
    ["exit:3", { status: 3, signal: null }],
    ["kill", { status: null, signal: "SIGKILL" }],
  ])("ends the process with %s", (action, end) => {
    const script = `
      import { armFailpoints, failpoint } from ${JSON.stringify(new URL("../src/failpoints.ts", import.meta.url).href)};
      armFailpoints(process.env["MILLRACE_FAILPOINTS"]);
      failpoint("commit.beforePublish");
      console.log("went on");`;
    const child = spawnSync(process.execPath, ["--conditions=millrace-source", "--input-type=module", "-e", script], {
      encoding: "utf8",
      env: { ...process.env, MILLRACE_FAILPOINTS: `commit.beforePublish=${action}` },
    });
    expect(child.stderr).toBe("");
    expect(child).toMatchObject({ ...end, stdout: "" });
  });
});

describe("failpointNames", () => {
  it("has each name once", () => {
    expect(new Set(failpointNames).size).toBe(failpointNames.length);
  });

  it("has no name that no code passes", () => {
    const packages = fileURLToPath(new URL("../..", import.meta.url));
    const sources = readdirSync(packages, { recursive: true, encoding: "utf8" })
      .filter((name) => /^[^/]+\/src\/.*\.ts$/.test(name) && !name.endsWith("failpoint-names.ts"))
      .map((name) => readFileSync(join(packages, name), "utf8"))
      .join("\n");
    // performStorageCall() makes the names of storage steps from the kind of the call.
    const unused = failpointNames.filter((name) => !name.startsWith("commit.") && !sources.includes(`"${name}"`));
    expect(unused).toEqual([]);
  });
});
