import { status } from "@grpc/grpc-js";
import type { Client, Metadata, ServiceError } from "@grpc/grpc-js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Role } from "../src/index.ts";
import { createTokenGate, roles, rpcAccess } from "../src/index.ts";
import { serviceOf } from "../src/protocol.ts";
import type { Fixture } from "./fixture.ts";
import { bareClient, metadataOf, startFixture, tokens } from "./fixture.ts";

let fixture: Fixture;
let client: Client;
beforeAll(async () => {
  fixture = await startFixture();
  client = bareClient(fixture.server.address);
});
afterAll(async () => {
  client.close();
  await fixture.server.close();
});

/** Open any method as a stream both ways, send nothing, and tell how it ended. */
async function statusOf(path: string, metadata: Metadata): Promise<status> {
  return new Promise((resolve) => {
    const same = (bytes: Buffer): Buffer => bytes;
    const call = client.makeBidiStreamRequest(path, same, same, metadata, { deadline: Date.now() + 5_000 });
    call.on("data", () => undefined);
    call.on("error", (error: ServiceError) => resolve(error.code));
    call.on("status", ({ code }: { readonly code: status }) => resolve(code));
    call.on("metadata", () => call.end());
    // Whoever is let in gets an end of stream instead of a message.
    call.end();
  });
}

const denied: readonly status[] = [status.UNAUTHENTICATED, status.PERMISSION_DENIED];
const paths = Object.keys(rpcAccess);

describe("authorization table", () => {
  it("has a row for every method of the schema, and no row for methods that are not there", () => {
    const schema = (["JobService", "WorkerService"] as const).flatMap((name) =>
      Object.values(serviceOf(name)).map((method) => method.path),
    );
    expect(paths.filter((path) => path.startsWith("/millrace."))).toEqual(expect.arrayContaining(schema));
    expect(paths.filter((path) => path.startsWith("/millrace.")).length).toBe(schema.length);
  });

  it("opens no method to everybody", () => {
    expect(Object.values(rpcAccess)).not.toContain("public");
  });

  it.each(paths)("%s is denied without a token and with a wrong one", async (path) => {
    expect(await statusOf(path, metadataOf(undefined))).toBe(status.UNAUTHENTICATED);
    for (const token of ["x".repeat(64), "", `${tokens.client} `, `${tokens.client}x`, "b".repeat(4_000)]) {
      expect(await statusOf(path, metadataOf(token)), token.slice(0, 70)).toBe(status.UNAUTHENTICATED);
    }
  });

  it.each(paths)(
    "%s is denied to every role that its row does not list, and open to those that it lists",
    async (path) => {
      const access = rpcAccess[path] as readonly Role[];
      for (const role of roles) {
        const code = await statusOf(path, metadataOf(tokens[role]));
        if (access.includes(role)) expect(denied, `${path} as ${role}`).not.toContain(code);
        else expect(code, `${path} as ${role}`).toBe(status.PERMISSION_DENIED);
      }
    },
  );

  it("a method that is not there is refused whatever the token", async () => {
    for (const token of [undefined, tokens.client]) {
      expect(await statusOf("/millrace.v1.JobService/DropAll", metadataOf(token))).toBe(status.UNIMPLEMENTED);
    }
  });
});

describe("createTokenGate()", () => {
  const gate = createTokenGate(tokens);

  it("takes the bearer scheme in any case, and nothing else", () => {
    expect(() => gate.check(`Bearer ${tokens.read}`, ["read"], "x")).not.toThrow();
    expect(() => gate.check(`bearer ${tokens.read}`, ["read"], "x")).not.toThrow();
    const wrong = [
      `Basic ${tokens.read}`,
      tokens.read,
      `Bearer  ${tokens.read}`,
      `Bearer ${tokens.read}\n`,
      "Bearer ",
      `Bearer ${"y".repeat(1e6)}`,
    ];
    for (const value of wrong) expect(() => gate.check(value, ["read"], "x"), value.slice(0, 80)).toThrow(/token/);
  });

  it("does not repeat a token in its errors", () => {
    const secret = "s3cr3t".repeat(10);
    for (const value of [`Bearer ${secret}`, `Bearer ${tokens.read}`]) {
      try {
        gate.check(value, ["client"], "x");
        expect.unreachable();
      } catch (thrown) {
        expect(String(thrown)).not.toContain(value.slice(7));
      }
    }
  });
});
