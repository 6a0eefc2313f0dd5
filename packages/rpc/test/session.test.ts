import { createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { createHash } from "node:crypto";
import type { CoordinatorMessage, Incarnation, WorkerId, WorkerMessage } from "@millrace/core";
import { limits } from "@millrace/core";
import type { WorkerSessionHandler } from "@millrace/ports";
import { afterEach, describe, expect, it } from "vitest";
import type { RemoteControlChannel } from "../src/index.ts";
import { createControlChannel } from "../src/index.ts";
import { createOutbox } from "../src/session/outbox.ts";
import type { Fixture } from "./fixture.ts";
import { bareClient, jobA, metadataOf, startFixture, tokens } from "./fixture.ts";

const open: { close(): void | Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).toReversed()) await each.close();
});

async function start(token = tokens.worker): Promise<{ fixture: Fixture; channel: RemoteControlChannel }> {
  const fixture = await startFixture();
  const channel = createControlChannel({ address: fixture.server.address, token });
  open.push(fixture.server, channel);
  return { fixture, channel };
}

/** A handler whose next message or end can be awaited. */
class Heard implements WorkerSessionHandler {
  readonly messages: CoordinatorMessage[] = [];
  readonly closed: Promise<string>;
  #close: (reason: string) => void = () => undefined;
  #waiting: (() => void)[] = [];

  constructor() {
    this.closed = new Promise((resolve) => (this.#close = resolve));
  }

  onMessage(message: CoordinatorMessage): void {
    this.messages.push(message);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  onClosed(reason: string): void {
    this.#close(reason);
  }

  async count(messages: number): Promise<void> {
    while (this.messages.length < messages) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}

const register: WorkerMessage = {
  kind: "register",
  description: {
    worker: "w-a" as WorkerId,
    incarnation: 1 as Incarnation,
    host: "h",
    rack: "/r",
    slots: 1,
    shuffleAddress: "127.0.0.1:1",
    freeDiskBytes: 1,
    dataVersions: [1],
    nodeMajor: 24,
    protocols: [1],
  },
  inventory: { running: [], gathering: [], unacknowledged: [], held: [] },
};

const attempt = { job: jobA, stage: 0, task: 0, attempt: 0 };

describe("a session", () => {
  it("carries messages both ways in order, and both sides hear of its end", async () => {
    const { fixture, channel } = await start();
    const heard = new Heard();
    const session = await channel.connect(heard);
    session.send(register);
    for (let bytes = 0; bytes < 500; bytes += 1) session.send({ kind: "gathered", attempt, bytes });
    await fixture.sessions.has("register 1");
    while (fixture.sessions.messages.length < 501) await new Promise((resolve) => setImmediate(resolve));
    expect(fixture.sessions.messages[0]).toEqual(register);
    expect(fixture.sessions.messages.slice(1).map((each) => (each.kind === "gathered" ? each.bytes : -1))).toEqual(
      Array.from({ length: 500 }, (_, index) => index),
    );
    for (let task = 0; task < 500; task += 1)
      fixture.sessions.send(1, { kind: "launch-reduce", attempt: { ...attempt, task } });
    await heard.count(500);
    expect(heard.messages.map((each) => (each.kind === "launch-reduce" ? each.attempt.task : -1))).toEqual(
      Array.from({ length: 500 }, (_, index) => index),
    );
    session.close();
    expect(await heard.closed).toContain("E_CANCELLED");
    await fixture.sessions.has("closed 1");
  });

  it("is not read while the coordinator has no room, and loses nothing", async () => {
    const { fixture, channel } = await start();
    const session = await channel.connect(new Heard());
    const { promise, resolve } = Promise.withResolvers<void>();
    fixture.sessions.room = promise;
    session.send(register);
    await fixture.sessions.has("register 1");
    const count = 5_000;
    for (let bytes = 0; bytes < count; bytes += 1) session.send({ kind: "gathered", attempt, bytes });
    // Another connection is served meanwhile: what the first one sent has had its time.
    const second = createControlChannel({ address: fixture.server.address, token: tokens.worker });
    open.push(second);
    const other = await second.connect(new Heard());
    other.send(register);
    await fixture.sessions.has("register 2");
    expect(fixture.sessions.messages.length).toBeLessThan(100);
    fixture.sessions.room = undefined;
    resolve();
    while (fixture.sessions.messages.length < count + 2) await new Promise((next) => setImmediate(next));
    const told = fixture.sessions.messages.flatMap((each) => (each.kind === "gathered" ? [each.bytes] : []));
    expect(told).toEqual(Array.from({ length: count }, (_, index) => index));
  });

  it("is not taken for a silent one while it is not read", async () => {
    const fixture = await startFixture({}, undefined, 200);
    const channels = [0, 1].map(() => createControlChannel({ address: fixture.server.address, token: tokens.worker }));
    open.push(fixture.server, ...channels);
    const { promise, resolve } = Promise.withResolvers<void>();
    fixture.sessions.room = promise;
    const unread = await channels[0]?.connect(new Heard());
    unread?.send(register);
    await fixture.sessions.has("register 1");
    await channels[1]?.connect(new Heard());
    // That one, which is read and says nothing, began after the first had fallen silent.
    await fixture.sessions.has("closed 2");
    expect(fixture.sessions.log).not.toContain("closed 1");
    fixture.sessions.room = undefined;
    resolve();
    unread?.send({ kind: "gathered", attempt, bytes: 1 });
    await fixture.sessions.has("gathered 1");
    await fixture.sessions.has("closed 1");
  });

  it("takes what is sent each by each whole, many times what may wait, and none of it once it is closed", async () => {
    const fixture = await startFixture({}, undefined, 30_000, 2_000);
    const channel = createControlChannel({ address: fixture.server.address, token: tokens.worker });
    open.push(fixture.server, channel);
    const heard = new Heard();
    const session = await channel.connect(heard);
    session.send(register);
    await fixture.sessions.has("register 1");
    const peer = fixture.sessions.peers.values().next().value!;
    let made = 0;
    function* reasons(count: number): Generator<CoordinatorMessage> {
      for (let task = 0; task < count; task += 1) {
        made += 1;
        yield { kind: "kill", attempt: { ...attempt, task }, reason: "x".repeat(1_000) };
      }
    }
    peer.sendEach(reasons(500));
    peer.send({ kind: "launch-reduce", attempt });
    await heard.count(501);
    expect(heard.messages.map((each) => ("attempt" in each && each.kind === "kill" ? each.attempt.task : -1))).toEqual([
      ...Array.from({ length: 500 }, (_, index) => index),
      -1,
    ]);
    made = 0;
    peer.sendEach(reasons(100_000));
    peer.close();
    await heard.closed;
    expect(made).toBeLessThan(1_000);
    expect(fixture.faults).toEqual([]);
  });

  it("ended by the coordinator ends for the worker", async () => {
    const { fixture, channel } = await start();
    const heard = new Heard();
    await channel.connect(heard);
    await fixture.sessions.has("opened 1");
    fixture.sessions.peers.values().next().value?.close();
    expect(await heard.closed).toContain("E_UNREACHABLE");
    expect(fixture.sessions.log).toEqual(["opened 1", "closed 1"]);
  });

  it("ends when the coordinator goes, and can be opened again when it is back", async () => {
    const { fixture, channel } = await start();
    const heard = new Heard();
    await channel.connect(heard);
    await fixture.server.close();
    expect(await heard.closed).toContain("E_UNREACHABLE");
    const again = await startFixture({}, fixture.server.address);
    open.push(again.server);
    const session = await channel.connect(new Heard());
    session.send(register);
    await again.sessions.has("register 1");
  });

  it("is refused with E_AUTH for a wrong token and E_FORBIDDEN for a client's", async () => {
    const { channel } = await start("wrong");
    await expect(channel.connect(new Heard())).rejects.toMatchObject({ code: "E_AUTH" });
    const client = await start(tokens.client);
    await expect(client.channel.connect(new Heard())).rejects.toMatchObject({ code: "E_FORBIDDEN" });
  });

  it("cannot be opened to a port that accepts and never answers", async () => {
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as AddressInfo;
    const channel = createControlChannel({ address: `127.0.0.1:${port}`, token: tokens.worker });
    const sockets: Socket[] = [];
    silent.on("connection", (socket) => sockets.push(socket));
    open.push(channel, {
      close: async () => {
        for (const socket of sockets) socket.destroy();
        await new Promise<void>((resolve) => silent.close(() => resolve()));
      },
    });
    await expect(channel.connect(new Heard())).rejects.toMatchObject({ code: "E_UNREACHABLE" });
  });

  it("ends at a message that is not valid, with the field's name on both sides", async () => {
    const { fixture } = await start();
    const client = bareClient(fixture.server.address);
    open.push(client);
    const same = (bytes: Buffer): Buffer => bytes;
    const failure = await new Promise<Error>((resolve) => {
      const call = client.makeBidiStreamRequest(
        "/millrace.v1.WorkerService/Session",
        same,
        same,
        metadataOf(tokens.worker),
        {},
      );
      call.on("data", () => undefined);
      call.on("error", resolve);
      // A failed without anything in it.
      call.write(Buffer.from([0x2a, 0x00]));
    });
    expect(failure.message).toContain('field "failed.attempt" is missing');
    await fixture.sessions.has("closed 1");
    expect(String(fixture.faults[0])).toContain("failed.attempt");
  });
});

describe("fetchBundle()", () => {
  it("refuses bytes of another digest", async () => {
    const { channel } = await start();
    await expect(channel.fetchBundle(jobA, "ab".repeat(32))).rejects.toMatchObject({ code: "E_UNREACHABLE" });
  });

  it("gives the bytes of the digest", async () => {
    const { channel } = await start();
    // The fixture fills the bundle with the first digits of the digest that is asked for.
    let sha256 = "";
    for (let fill = 0; fill < 256 && sha256 === ""; fill += 1) {
      const digits = fill.toString(16).padStart(2, "0");
      const digest = createHash("sha256").update(Buffer.alloc(1_000_000, digits)).digest("hex");
      if (digest.startsWith(digits)) sha256 = digest;
    }
    if (sha256 === "") return;
    expect((await channel.fetchBundle(jobA, sha256)).length).toBe(1_000_000);
  });

  it("gives E_UNKNOWN_JOB for a job that is not there", async () => {
    const { channel } = await start();
    await expect(channel.fetchBundle(`job-${"b".repeat(26)}`, "00".repeat(32))).rejects.toMatchObject({
      code: "E_UNKNOWN_JOB",
    });
  });
});

describe("createOutbox()", () => {
  it("refuses what would pass its bound, and goes on in order when the stream takes more", () => {
    const written: string[] = [];
    let drain: () => void = () => undefined;
    let free = true;
    const stream = {
      write: (bytes: Buffer): boolean => {
        written.push(bytes.toString());
        return free;
      },
      once: (_event: string, act: () => void): unknown => (drain = act),
    };
    const outbox = createOutbox(stream as never, 10);
    free = false;
    expect(outbox.send([Buffer.from("a"), Buffer.from("bb"), Buffer.from("ccc")])).toBe(true);
    expect(written).toEqual(["a"]);
    expect(outbox.send([Buffer.alloc(6)])).toBe(false);
    free = true;
    drain();
    expect(written).toEqual(["a", "bb", "ccc"]);
    expect(outbox.send([Buffer.alloc(10)])).toBe(true);
  });

  it("makes no more of what is sent each by each than the stream takes, and nothing later overtakes it", () => {
    const written: string[] = [];
    const drains: (() => void)[] = [];
    const stream = {
      write: (bytes: Buffer): boolean => written.push(bytes.toString()) < 0,
      once: (_event: string, act: () => void): unknown => drains.push(act),
    };
    const outbox = createOutbox(stream as never, 3_000);
    const made: string[] = [];
    function* source(name: string): Generator<readonly Buffer[]> {
      for (let index = 0; index < 3; index += 1) {
        made.push(`${name}${index}`);
        yield [Buffer.from(`${name}${index}`.padEnd(2_500)), Buffer.from(`${name}${index}+`)];
      }
    }
    expect([outbox.sendEach(source("a")), outbox.sendEach(source("b")), outbox.send([Buffer.from("kill")])]).toEqual([
      true,
      true,
      true,
    ]);
    expect(outbox.sendEach(source("c"))).toBe(false);
    expect({ made, written: written.map((text) => text.trim()) }).toEqual({ made: ["a0"], written: ["a0"] });
    while (drains.length > 0) {
      drains.shift()?.();
      expect(made.length).toBeLessThanOrEqual(1 + written.length / 2);
    }
    expect(written.map((text) => text.trim())).toEqual([
      ...["a", "b"].flatMap((name) => [0, 1, 2].flatMap((index) => [`${name}${index}`, `${name}${index}+`])),
      "kill",
    ]);
    expect(outbox.send([Buffer.alloc(3_000)])).toBe(true);
  });

  it("has a bound that holds some messages of the largest size", () => {
    expect(64 * 1024 * 1024).toBeGreaterThan(8 * limits.messageBytesMax);
  });
});
