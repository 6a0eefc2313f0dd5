import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeEndpointFile } from "@millrace/rpc/endpoint";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findAccess, takeToken } from "../../src/client/endpoint.ts";

const token = "a".repeat(64);
const fixed = { value: "127.0.0.1:7450", origin: "flag" };
let directory = "";
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "millrace-endpoint-"))));
afterEach(() => rmSync(directory, { recursive: true }));

describe("takeToken()", () => {
  it("takes the token out of the environment", () => {
    const environment: Record<string, string | undefined> = { MILLRACE_TOKEN: token, PATH: "/bin" };
    expect(takeToken(environment)).toBe(token);
    expect(environment).toEqual({ PATH: "/bin" });
    expect(takeToken(environment)).toBeUndefined();
  });

  it.each(["", "secret\n", "sec ret", "sécret", "s".repeat(300)])("refuses %j without repeating it", (text) => {
    const refuse = (): unknown => takeToken({ MILLRACE_TOKEN: text });
    expect(refuse).toThrow(expect.objectContaining({ code: "E_AUTH" }) as Error);
    if (text !== "") expect(refuse).not.toThrow(text.trim());
  });
});

describe("findAccess()", () => {
  it("gives the token of the environment at every call: a worker asks before each session", () => {
    const sources = { environment: { XDG_STATE_HOME: directory }, token };
    for (let session = 0; session < 3; session += 1)
      expect(findAccess("worker", fixed, sources)).toEqual({ address: fixed.value, token });
  });

  it("gives what the endpoint file says, each time anew, with the role's token", () => {
    const path = join(directory, "endpoint.json");
    const environment = { MILLRACE_ENDPOINT_FILE: path };
    const anywhere = { value: "127.0.0.1:7450", origin: "default" };
    for (const address of ["127.0.0.1:1", "127.0.0.1:2"]) {
      const tokens = { token: "c".repeat(64), workerToken: "d".repeat(64), readToken: "e".repeat(64) };
      writeEndpointFile(path, { address, httpAddress: "127.0.0.1:3", pid: 1, ...tokens });
      expect(findAccess("worker", anywhere, { environment, token: undefined })).toEqual({
        address,
        token: tokens.workerToken,
      });
      expect(findAccess("client", anywhere, { environment, token: undefined })).toEqual({
        address,
        token: tokens.token,
      });
    }
    expect(() => findAccess("client", fixed, { environment, token: undefined })).toThrow(/MILLRACE_TOKEN/);
  });

  it("takes the file that a flag names before a token and an address of variables: a local cluster is meant", () => {
    const endpointFile = join(directory, "mine.json");
    const tokens = { token: "c".repeat(64), workerToken: "d".repeat(64), readToken: "e".repeat(64) };
    writeEndpointFile(endpointFile, { address: "127.0.0.1:1", httpAddress: "127.0.0.1:3", pid: 1, ...tokens });
    const sources = { environment: { MILLRACE_ENDPOINT_FILE: "/elsewhere" }, token, endpointFile };
    const remote = { value: "10.0.0.1:7450", origin: "MILLRACE_COORDINATOR" };
    expect(findAccess("worker", remote, sources)).toEqual({ address: "127.0.0.1:1", token: tokens.workerToken });
    expect(() => findAccess("worker", { ...remote, origin: "flag" }, sources)).toThrow(/mine\.json/);
  });
});
