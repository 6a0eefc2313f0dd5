// Bad input: one clear line, the right exit code, nothing started, nothing changed on disk.

import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startTestCluster } from "./cluster.ts";
import type { CommandResult, ScratchDirectory } from "./harness.ts";
import { digestTree, millrace, scratchDirectory } from "./harness.ts";

let directory: ScratchDirectory;
beforeEach(() => {
  directory = scratchDirectory();
  writeFileSync(join(directory.path, "in.txt"), "a b a\n");
});
afterEach(() => directory.remove());

const at = (name: string): string => join(directory.path, name);

/** Run in the scratch directory, and require one line on stderr, nothing on stdout, and an untouched disk. */
async function refused(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
  const before = digestTree(directory.path);
  const result = await millrace(args, { cwd: directory.path, env });
  expect(digestTree(directory.path)).toEqual(before);
  expect(result.stdout).toBe("");
  expect(result.stderr.trimEnd().split("\n"), result.stderr).toHaveLength(1);
  return result;
}

describe("run refuses before anything starts", () => {
  it.each<[string, readonly string[], number, RegExp]>([
    [
      "an unknown shipped job, with the nearest name",
      ["run", "word-cuont", "in.txt", "out"],
      2,
      /"word-cuont".*did you mean "word-count".*E_UNKNOWN_JOB/,
    ],
    ["an unknown flag, with the nearest", ["run", "word-count", "in.txt", "out", "--reduce", "2"], 2, /--reduces/],
    ["an unknown command, with the nearest", ["rnu"], 2, /run/],
    ["a missing output argument", ["run", "word-count", "in.txt"], 2, /OUTPUT/],
    [
      "an unknown parameter, with the nearest",
      ["run", "grep-lines", "in.txt", "out", "-p", "patern=a"],
      2,
      /"patern".*"pattern"/,
    ],
    ["a missing parameter", ["run", "grep-lines", "in.txt", "out"], 2, /pattern/],
    ["a parameter without a value", ["run", "grep-lines", "in.txt", "out", "-p", "pattern"], 2, /name=value/],
    ["--reduces -1", ["run", "word-count", "in.txt", "out", "--reduces", "-1"], 2, /--reduces/],
    ["--reduces 1.5", ["run", "word-count", "in.txt", "out", "--reduces", "1.5"], 2, /--reduces.*"1\.5"/],
    ["--reduces 1e9", ["run", "word-count", "in.txt", "out", "--reduces", "1e9"], 2, /--reduces.*"1e9"/],
    ["--split-bytes of nothing", ["run", "word-count", "in.txt", "out", "--split-bytes", "0"], 2, /--split-bytes/],
    ["an input that is missing", ["run", "word-count", "gone.txt", "out"], 7, /gone\.txt.*E_INPUT_MISSING/],
    ["a glob that matches nothing", ["run", "word-count", "*.log", "out"], 7, /\*\.log.*E_INPUT_MISSING/],
    ["a job file that is missing", ["run", "./gone.ts", "in.txt", "out"], 1, /gone\.ts.*no such file.*E_JOB_MODULE/],
    ["an output that is the input", ["run", "word-count", "in.txt", "in.txt"], 6, /E_OUTPUT_(?:OVERLAPS|EXISTS)/],
    ["a name with a newline", ["run", "word-count", "in.txt", "out", "--name", "a\nb"], 2, /a\\nb/],
    ["a share above 1", ["run", "word-count", "in.txt", "out", "--bad-records-max", "2"], 2, /--bad-records-max/],
    ["more slots than a process has", ["run", "word-count", "in.txt", "out", "--slots", "257"], 2, /--slots/],
  ])("%s", async (_, args, exit, text) => {
    const result = await refused(args);
    expect(result.stderr).toMatch(text);
    expect(result.exit).toBe(exit);
  });

  it("an output that exists, and says how to go on", async () => {
    mkdirSync(at("out"));
    writeFileSync(at("out/precious"), "keep me");
    for (const flags of [[], ["--overwrite"]]) {
      const result = await refused(["run", "word-count", "in.txt", "out", ...flags]);
      expect(result).toMatchObject({ exit: 6, stderr: expect.stringMatching(/E_OUTPUT_EXISTS/) });
    }
  });

  it("an output in which somebody has put a file, and leaves it there", async () => {
    expect(await millrace(["run", "-q", "word-count", "in.txt", "out"], { cwd: directory.path })).toMatchObject({
      exit: 0,
    });
    writeFileSync(at("out/precious"), "keep me");
    expect(await refused(["run", "word-count", "in.txt", "out", "--overwrite"])).toMatchObject({
      exit: 6,
      stderr: expect.stringMatching(/it holds "precious", which its manifest does not name.*E_OUTPUT_EXISTS/),
    });
    expect(readFileSync(at("out/precious"), "utf8")).toBe("keep me");
  });

  it("an output inside an input directory", async () => {
    mkdirSync(at("logs"));
    writeFileSync(at("logs/a.txt"), "a\n");
    expect(await refused(["run", "word-count", "logs", "logs/out"])).toMatchObject({
      exit: 6,
      stderr: expect.stringMatching(/E_OUTPUT_OVERLAPS/),
    });
  });

  it.each<[string, Buffer, string]>([
    ["Snappy", Buffer.from([0xff, 0x06, 0x00, 0x00, 0x73, 0x4e, 0x61, 0x50, 0x70, 0x59]), "in.sz"],
    ["xz", Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]), "in.xz"],
    ["LZ4", Buffer.from([0x04, 0x22, 0x4d, 0x18]), "in.lz4"],
  ])("input compressed with %s, by name", async (codec, bytes, name) => {
    writeFileSync(at(name), bytes);
    const result = await refused(["run", "word-count", name, "out"]);
    expect(result.exit).toBe(7);
    expect(result.stderr.toLowerCase()).toContain(codec.toLowerCase());
    expect(result.stderr).toMatch(/E_UNSUPPORTED_CODEC/);
  });

  it.each<[string, string, RegExp]>([
    ["a syntax error, with its line", "export default {\n  a: ,\n};\n", /job\.ts:2:/],
    ["no default export", "export const job = 1;\n", /default/],
    ["a default export that is no job", "export default 1;\n", /defineJob/],
    ["an error at import", "throw new Error('at import');\n", /at import/],
    ["an import that cannot be found", "import './gone.js';\nexport default 1;\n", /gone\.js/],
  ])("a job file with %s", async (_, source, text) => {
    writeFileSync(at("job.ts"), source);
    const result = await refused(["run", "./job.ts", "in.txt", "out"]);
    expect(result.stderr).toMatch(text);
    expect(result.exit).toBe(1);
  });

  it("an output whose parent cannot be written", async () => {
    mkdirSync(at("closed"));
    chmodSync(at("closed"), 0o500);
    const result = await refused(["run", "word-count", "in.txt", "closed/missing/out"]);
    expect(result.exit).toBe(6);
  });

  it("an unknown configuration key, with the nearest", async () => {
    writeFileSync(at("millrace.yaml"), "slot: 2\n");
    expect(await refused(["run", "word-count", "in.txt", "out"])).toMatchObject({
      exit: 78,
      stderr: expect.stringMatching(/"slot".*"slots"/),
    });
  });

  it("an unknown failpoint, with the nearest", async () => {
    const result = await refused(["run", "word-count", "in.txt", "out"], {
      MILLRACE_FAILPOINTS: "commit.beforePublsh=exit",
    });
    expect(result).toMatchObject({ exit: 78, stderr: expect.stringMatching(/commit\.beforePublish/) });
  });
});

describe("daemons refuse before any socket opens", () => {
  it.each(["0.0.0.0:0", "[::]:0", "192.0.2.1:0"])("to listen on %s without certificates", async (address) => {
    for (const flags of [
      ["--listen", address],
      ["--http", address],
    ]) {
      const result = await refused(["coordinator", "--state-dir", at("state"), ...flags]);
      expect(result).toMatchObject({ exit: 78, stderr: expect.stringMatching(/E_UNSAFE_LISTEN/) });
    }
  });

  it("to serve segments on another address than loopback", async () => {
    const result = await refused(["worker", "--work-dir", at("work"), "--shuffle-listen", "0.0.0.0:0"]);
    expect(result).toMatchObject({ exit: 78, stderr: expect.stringMatching(/E_UNSAFE_LISTEN/) });
  });

  it("a port in use, by its number", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const result = await millrace(
      [
        "coordinator",
        "--listen",
        `127.0.0.1:${port}`,
        "--http",
        "127.0.0.1:0",
        "--state-dir",
        at("state"),
        "--endpoint-file",
        at("endpoint.json"),
      ],
      { cwd: directory.path },
    );
    expect(result).toMatchObject({ exit: 78, stderr: expect.stringMatching(new RegExp(`${port}.*E_PORT_IN_USE`)) });
    server.close();
  });
});

describe("clients say when there is nobody to talk to", () => {
  it("submit without a coordinator exits with 5", async () => {
    const result = await refused(["submit", "word-count", "in.txt", "out"], {
      MILLRACE_ENDPOINT_FILE: at("gone.json"),
    });
    expect(result).toMatchObject({ exit: 5, stderr: expect.stringMatching(/E_UNREACHABLE/) });
  });

  it("job list with an endpoint file of a coordinator that is gone exits with 5 within seconds", async () => {
    const token = "0".repeat(64);
    const endpoint = {
      address: "127.0.0.1:1",
      httpAddress: "127.0.0.1:2",
      token,
      workerToken: token,
      readToken: token,
      pid: 1,
    };
    writeFileSync(at("endpoint.json"), JSON.stringify(endpoint), { mode: 0o600 });
    const result = await refused(["job", "list"], { MILLRACE_ENDPOINT_FILE: at("endpoint.json") });
    expect(result).toMatchObject({ exit: 5, stderr: expect.stringMatching(/E_UNREACHABLE/) });
    expect(result.ms).toBeLessThan(15_000);
  });

  it("an endpoint file that others may read is refused", async () => {
    writeFileSync(at("endpoint.json"), "{}", { mode: 0o644 });
    const result = await refused(["job", "list"], { MILLRACE_ENDPOINT_FILE: at("endpoint.json") });
    expect(result).toMatchObject({ exit: 78, stderr: expect.stringMatching(/mode 644.*E_CONFIGURATION/) });
  });
});

describe("a running coordinator", () => {
  it("refuses a wrong token with 4, and a second coordinator on its state with 78", async () => {
    const cluster = await startTestCluster({ workers: 1, slots: 1 });
    try {
      const endpoint = JSON.parse(readFileSync(cluster.env["MILLRACE_ENDPOINT_FILE"] ?? "", "utf8")) as {
        address: string;
        workerToken: string;
      };
      for (const [token, code] of [
        ["f".repeat(64), "E_AUTH"],
        [endpoint.workerToken, "E_FORBIDDEN"],
      ] as const) {
        const result = await refused(["submit", "word-count", "in.txt", "out", "--coordinator", endpoint.address], {
          MILLRACE_TOKEN: token,
        });
        expect(result).toMatchObject({ exit: 4, stderr: expect.stringMatching(new RegExp(code)) });
      }
      const second = await millrace([
        "coordinator",
        "--listen",
        "127.0.0.1:0",
        "--http",
        "127.0.0.1:0",
        "--state-dir",
        join(cluster.directory, "coordinator"),
        "--endpoint-file",
        at("second.json"),
      ]);
      expect(second).toMatchObject({ exit: 78, stderr: expect.stringMatching(/E_STATE_LOCKED/) });
    } finally {
      await cluster.stop();
    }
  });
});

describe("an old Node", () => {
  it("gets one clear line and exit code 78", async () => {
    const pretend =
      "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.9.0'}})";
    const result = await refused(["--help"], { NODE_OPTIONS: `--import=${pretend}` });
    expect(result).toMatchObject({ exit: 78, stderr: expect.stringMatching(/Node 20\.9\.0.*22\.18.*E_NODE_VERSION/) });
  });
});
