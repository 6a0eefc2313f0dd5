import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Endpoint } from "../src/endpoint.ts";
import { readEndpointFile, removeEndpointFile, writeEndpointFile } from "../src/endpoint.ts";

let directory = "";
let path = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-endpoint-"));
  path = join(directory, "run", "endpoint.json");
});
afterEach(() => rmSync(directory, { recursive: true }));

const endpoint: Endpoint = {
  address: "127.0.0.1:7450",
  httpAddress: "127.0.0.1:7460",
  token: "1".repeat(64),
  workerToken: "2".repeat(64),
  readToken: "3".repeat(64),
  pid: 42,
};

describe("endpoint file", () => {
  it("is written for its user alone, whole, and read back", () => {
    writeEndpointFile(path, endpoint);
    writeEndpointFile(path, { ...endpoint, pid: 43 });
    expect(readEndpointFile(path)).toEqual({ ...endpoint, pid: 43 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(directory, "run")).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(directory, "run"))).toEqual(["endpoint.json"]);
  });

  it("that cannot be written is refused, with how to name another", () => {
    writeFileSync(join(directory, "run"), "");
    expect(() => writeEndpointFile(path, endpoint)).toThrow(
      expect.objectContaining({
        code: "E_CONFIGURATION",
        message: expect.stringMatching(
          /^Cannot write the endpoint file ".*endpoint\.json": .*; give --endpoint-file or/,
        ),
      }),
    );
  });

  it.runIf(existsSync("/proc/self"))("is refused where a directory takes no names", () => {
    const nothing = "/proc/none/run/endpoint.json";
    expect(() => writeEndpointFile(nothing, endpoint)).toThrow(expect.objectContaining({ code: "E_CONFIGURATION" }));
  });

  it("that is not there is E_UNREACHABLE", () => {
    expect(() => readEndpointFile(path)).toThrow(/Cannot find a coordinator/);
  });

  it("that others may read, or that is none, is refused", () => {
    writeEndpointFile(path, endpoint);
    chmodSync(path, 0o644);
    expect(() => readEndpointFile(path)).toThrow(/mode 644/);
    chmodSync(path, 0o600);
    for (const text of [
      "",
      "[]",
      "null",
      JSON.stringify({ ...endpoint, token: "short" }),
      JSON.stringify({ ...endpoint, pid: "1" }),
    ]) {
      writeFileSync(path, text);
      expect(() => readEndpointFile(path), text).toThrow(/is missing or not valid/);
    }
  });

  it("is taken away only by the coordinator that it names", () => {
    writeEndpointFile(path, endpoint);
    removeEndpointFile(path, { ...endpoint, pid: 1 });
    expect(existsSync(path)).toBe(true);
    removeEndpointFile(path, endpoint);
    expect(existsSync(path)).toBe(false);
    removeEndpointFile(path, endpoint);
  });
});
