import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { requireCluster } from "../../src/cluster/cluster-paths.ts";

let directory = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-cluster-paths-"));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** A cluster that was started there, and may be stopped by now. */
function cluster(name: string): string {
  const path = join(directory, name);
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, "ports.json"), "{}");
  return path;
}

describe("requireCluster()", () => {
  it("takes --dir before MILLRACE_ENDPOINT_FILE, and that before the user's own", () => {
    const own = cluster("state/millrace/cluster");
    const [given, named] = [cluster("given"), cluster("named")];
    const state = { XDG_STATE_HOME: join(directory, "state") };
    const environment = { ...state, MILLRACE_ENDPOINT_FILE: join(named, "endpoint.json") };
    expect(requireCluster(given, environment).directory).toBe(given);
    expect(requireCluster(undefined, environment).directory).toBe(named);
    expect(requireCluster(undefined, state).directory).toBe(own);
  });

  it("passes over an endpoint file that lies in no cluster's directory", () => {
    const own = cluster("state/millrace/cluster");
    const environment = { XDG_STATE_HOME: join(directory, "state"), MILLRACE_ENDPOINT_FILE: join(directory, "e.json") };
    expect(requireCluster(undefined, environment).directory).toBe(own);
  });

  it("refuses a directory in which no cluster was started, and names --dir", () => {
    expect(() => requireCluster(directory, {})).toThrow(
      expect.objectContaining({
        code: "E_USAGE",
        message: expect.stringMatching(/none was started there; give --dir .* `millrace cluster up --dir /u) as string,
      }),
    );
  });
});
