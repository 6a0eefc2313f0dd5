import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { daemonEnvironment } from "../../src/cluster/daemon-environment.ts";

/** Write a file of the configuration. @returns its path. */
function configFile(text: string): string {
  const directory = mkdtempSync(join(tmpdir(), "millrace-environment-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, "millrace.yaml");
  writeFileSync(path, text);
  return path;
}

describe("daemonEnvironment()", () => {
  it("has what files of the configuration say as variables, behind variables that are set", async () => {
    const files = [configFile("rack: /near\ntaskMemory: 64MiB\n")];
    const environment = { PATH: "/bin", MILLRACE_RACK: "/far" };
    expect(await daemonEnvironment(environment, files)).toEqual({ ...environment, MILLRACE_TASK_MEMORY: "64MiB" });
  });

  it("has paths of Hadoop's configuration from the working directory of the command", async () => {
    const environment = { HADOOP_CONF_DIR: "conf", HADOOP_HOME: "/opt/hadoop" };
    expect(await daemonEnvironment(environment, [])).toEqual({ ...environment, HADOOP_CONF_DIR: resolve("conf") });
  });

  it("refuses a value that no worker would take, with where it stands", async () => {
    const path = configFile("taskMemory: 1KiB\n");
    await expect(daemonEnvironment({}, [path])).rejects.toMatchObject({
      code: "E_CONFIGURATION",
      message: expect.stringContaining(`taskMemory of ${path} "1KiB"`),
    });
  });
});
