import { status } from "@grpc/grpc-js";
import type { CallOptions, Client, Metadata, ServiceError } from "@grpc/grpc-js";
import { connect, createServer } from "node:net";
import type { Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createJobClient, parseHostPort, requireLoopback, startServer, createTokenGate } from "../src/index.ts";
import { methodOf } from "../src/protocol.ts";
import type { Fixture } from "./fixture.ts";
import { bareClient, jobA, metadataOf, startFixture, tokens } from "./fixture.ts";

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

/** Call Get with given bytes. */
async function callGet(
  bytes: Buffer,
  metadata: Metadata,
  options: CallOptions = { deadline: Date.now() + 5_000 },
): Promise<ServiceError | undefined> {
  const same = (value: Buffer): Buffer => value;
  return new Promise((resolve) => {
    client.makeUnaryRequest("/millrace.v1.JobService/Get", same, same, bytes, metadata, options, (error) =>
      resolve(error ?? undefined),
    );
  });
}

async function stillAnswers(): Promise<void> {
  const { requestSerialize } = methodOf("JobService", "Get");
  expect(await callGet(requestSerialize({ job: jobA }), metadataOf(tokens.read))).toBeUndefined();
}

describe("startServer() limits", () => {
  it("closes connections beyond its bound at once, and serves those that it has", async () => {
    const server = await startServer({
      listen: "127.0.0.1:0",
      gate: createTokenGate(tokens),
      services: {},
      connectionsMax: 2,
    });
    const { host, port } = parseHostPort(server.address);
    const ended = (socket: Socket): Promise<unknown> => new Promise((resolve) => socket.once("close", resolve));
    const opened = await Promise.all(
      [1, 2].map(
        (): Promise<Socket> =>
          new Promise((resolve) => {
            const socket = connect({ host, port });
            // The first frame of HTTP/2 comes from the server: it has taken the connection.
            socket.once("data", () => resolve(socket));
          }),
      ),
    );
    await ended(
      connect({ host, port })
        .on("error", () => undefined)
        .resume(),
    );
    expect(opened.map((socket) => socket.readyState)).toEqual(["open", "open"]);
    const [first, second] = opened;
    if (first === undefined || second === undefined) throw new Error("no connection");
    first.destroy();
    await ended(first);
    // The server hears a little later that there is room again.
    for (let served = false; !served;) {
      const again = connect({ host, port }).on("error", () => undefined);
      served = await new Promise((resolve) => {
        again.once("data", () => resolve(true));
        again.once("close", () => resolve(false));
      });
      again.destroy();
    }
    second.destroy();
    await server.close();
  });

  it("refuses a message over 4 MiB", async () => {
    const error = await callGet(Buffer.alloc(4 * 1024 * 1024 + 1), metadataOf(tokens.read));
    expect(error?.code).toBe(status.RESOURCE_EXHAUSTED);
    await stillAnswers();
  });

  it("refuses metadata over 8 KiB", async () => {
    const metadata = metadataOf(tokens.read);
    metadata.set("x-filler", "f".repeat(9_000));
    expect((await callGet(Buffer.alloc(0), metadata))?.code).toBe(status.RESOURCE_EXHAUSTED);
    const many = metadataOf(tokens.read);
    for (let index = 0; index < 1_000; index += 1) many.set(`x-${index}`, "1234567890");
    expect((await callGet(Buffer.alloc(0), many))?.code).toBe(status.RESOURCE_EXHAUSTED);
    await stillAnswers();
  });

  it("refuses a unary call without a deadline", async () => {
    const error = await callGet(Buffer.alloc(0), metadataOf(tokens.read), {});
    expect(error?.code).toBe(status.INVALID_ARGUMENT);
    expect(error?.details).toContain("no deadline");
  });

  it("refuses bytes that are no message, and names the field of one that is not valid", async () => {
    const garbage = [Buffer.from([0xff, 0xff, 0xff]), Buffer.from([0x0a, 0x7f, 0x61]), Buffer.alloc(10_000, 0x0b)];
    for (const bytes of garbage) expect((await callGet(bytes, metadataOf(tokens.read)))?.code).not.toBe(undefined);
    const { requestSerialize } = methodOf("JobService", "Get");
    const error = await callGet(requestSerialize({ job: "../../etc/passwd" }), metadataOf(tokens.read));
    expect(error?.code).toBe(status.INVALID_ARGUMENT);
    expect(error?.details).toContain('field "job" is not a job id');
    await stillAnswers();
  });

  it("survives whatever comes to the port", async () => {
    const { host, port } = parseHostPort(fixture.server.address);
    const openings = [
      "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
      "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + "\xff".repeat(5_000),
      "\0".repeat(100_000),
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\x12\x04\0\0\0\0\0" +
        "\0\x04\x7f\xff\xff\xff".repeat(3) +
        "\0\0\x05\x01\x25\0\0\0\x01\x41\x42\x43\x44\x45",
    ];
    for (const opening of openings) {
      await new Promise<void>((resolve) => {
        const socket = connect(port, host, () => socket.end(Buffer.from(opening, "latin1")));
        socket.on("error", () => undefined);
        socket.on("close", () => resolve());
        socket.resume();
      });
    }
    await stillAnswers();
  });

  it("answers health checks and reflection", async () => {
    const same = (value: Buffer): Buffer => value;
    const reply = await new Promise<Buffer | undefined>((resolve) => {
      const options = { deadline: Date.now() + 5_000 };
      client.makeUnaryRequest(
        "/grpc.health.v1.Health/Check",
        same,
        same,
        Buffer.alloc(0),
        metadataOf(tokens.read),
        options,
        (_error, value) => resolve(value),
      );
    });
    // One field, status SERVING.
    expect(reply).toEqual(Buffer.from([0x08, 0x01]));
    const listed = await new Promise<Buffer>((resolve, reject) => {
      const call = client.makeBidiStreamRequest(
        "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
        same,
        same,
        metadataOf(tokens.read),
        {},
      );
      call.on("data", (value: Buffer) => {
        resolve(value);
        call.end();
      });
      call.on("error", reject);
      call.write(Buffer.from([0x3a, 0x01, 0x2a]));
    });
    expect(listed.toString()).toContain("millrace.v1.JobService");
  });
});

describe("requireLoopback()", () => {
  it("takes loopback in every form", async () => {
    for (const text of ["127.0.0.1:0", "127.9.9.9:1", "localhost:0", "[::1]:7450"]) {
      expect((await requireLoopback(text)).port, text).toBeLessThan(65_536);
    }
  });

  it("refuses every other address, before any socket is opened", async () => {
    for (const text of [
      "0.0.0.0:0",
      "[::]:0",
      "10.0.0.1:0",
      "192.168.1.1:7450",
      "[fe80::1]:0",
      "[::ffff:10.0.0.1]:0",
      "8.8.8.8:1",
    ]) {
      await expect(requireLoopback(text), text).rejects.toMatchObject({ code: "E_UNSAFE_LISTEN" });
      await expect(startServer({ listen: text, gate: createTokenGate(tokens), services: {} })).rejects.toMatchObject({
        code: "E_UNSAFE_LISTEN",
      });
    }
  });

  it("refuses what is no address", async () => {
    for (const text of [
      "",
      "127.0.0.1",
      ":7450",
      "127.0.0.1:99999",
      "127.0.0.1:-1",
      "a b:1",
      "127.0.0.1:1/x",
      "[127.0.0.1:1",
    ]) {
      await expect(requireLoopback(text), text).rejects.toMatchObject({ code: "E_CONFIGURATION" });
    }
  });
});

describe("startServer() on a taken port", () => {
  it("is E_PORT_IN_USE", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const address = other.address();
    const port = typeof address === "object" ? address?.port : 0;
    await expect(startFixture({}, `127.0.0.1:${port}`)).rejects.toMatchObject({ code: "E_PORT_IN_USE" });
    await new Promise((resolve) => other.close(resolve));
  });

  it("a closed server frees its port", async () => {
    const first = await startFixture();
    await first.server.close();
    const second = await startFixture({}, first.server.address);
    const jobs = createJobClient({ address: second.server.address, token: tokens.client });
    expect((await jobs.list()).length).toBe(1);
    jobs.close();
    await second.server.close();
  });
});
