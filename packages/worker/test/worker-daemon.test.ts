// Worker daemons as real processes, with a coordinator that the test plays over real gRPC.

import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Split } from "@millrace/core";
import {
  attempt,
  endless,
  hostPids,
  job,
  placeOf,
  PlayedCoordinator,
  splitOf,
  type PlayedSession,
} from "./coordinator-kit.ts";

let coordinator: PlayedCoordinator;
beforeEach(async () => {
  coordinator = await PlayedCoordinator.start();
});
afterEach(() => coordinator.close());

function writeInput(name: string, text: string): Split {
  const path = join(coordinator.directory, name);
  writeFileSync(path, text);
  return splitOf(path, text.length, Math.trunc(statSync(path).mtimeMs));
}

async function runMap(
  session: PlayedSession,
  task: number,
  split: Split,
): Promise<Awaited<ReturnType<typeof session.next<"finished">>>> {
  session.send({ kind: "launch-map", attempt: attempt(0, task), split });
  const message = await session.next("finished", "failed");
  if (message.kind === "failed") throw new Error(message.failure.message);
  session.send({ kind: "acknowledge", attempt: attempt(0, task) });
  return message;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, "latin1").includes(") Z ");
  } catch {
    return false;
  }
}

/** Wait for something outside of this process; a bound of its own, since nobody tells. */
async function until(what: string, holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`Not within 60 s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

// Each test starts a few processes: a second when the machine is idle, many when it is not.
describe("a worker daemon", () => {
  it("two of them run a job: maps, a gather over the network, a reduce", async () => {
    coordinator.startDaemon("one");
    const one = await coordinator.nextSession();
    await one.register();
    coordinator.startDaemon("two");
    const two = await coordinator.nextSession();
    await two.register();
    for (const session of [one, two]) session.send({ kind: "brief", brief: coordinator.brief(2) });
    const maps = await Promise.all([
      runMap(one, 0, writeInput("a.txt", "b a\na c\n")),
      runMap(two, 1, writeInput("b.txt", "a d\n")),
    ]);
    const counts: string[] = [];
    for (const partition of [0, 1]) {
      two.send({ kind: "gather", attempt: attempt(1, partition), maps: 2 });
      two.send({
        kind: "places",
        attempt: attempt(1, partition),
        places: [placeOf(maps[0], one.description!, partition), placeOf(maps[1], two.description!, partition)],
      });
      await two.next("gathered");
      two.send({ kind: "launch-reduce", attempt: attempt(1, partition) });
      const done = await two.next("finished", "failed");
      if (done.kind === "failed") throw new Error(done.failure.message);
      expect(done.result.consumed).toMatchObject({ kind: "segments", maps: 2 });
      for (const file of done.result.files)
        counts.push(
          readFileSync(join(coordinator.directory, "staging", "attempts", `1-${partition}.0`, file.path), "utf8"),
        );
      two.send({ kind: "acknowledge", attempt: attempt(1, partition) });
    }
    expect(
      counts
        .join("")
        .split("\n")
        .filter((line) => line !== "")
        .sort((a, b) => (a < b ? -1 : 1)),
    ).toEqual(["a\t3", "b\t1", "c\t1", "d\t1"]);
    // The job is over: nothing of it is left but logs, and there are none.
    for (const [name, session] of [
      ["one", one],
      ["two", two],
    ] as const) {
      session.send({ kind: "forget-job", job });
      await until(
        `${name} has deleted the job`,
        () => readdirSync(join(coordinator.workDirectory(name), "jobs")).length === 0,
      );
    }
  });

  it("killed in the middle of an attempt: no task host is left", async () => {
    coordinator.bundle = endless;
    const daemon = coordinator.startDaemon("one");
    const session = await coordinator.nextSession();
    await session.register();
    session.send({ kind: "brief", brief: coordinator.brief() });
    session.send({ kind: "launch-map", attempt: attempt(0, 0), split: writeInput("a.txt", "x\n") });
    const log = join(coordinator.workDirectory("one"), "jobs", job, "logs", "0-0.0.log");
    await until("user code runs", () => existsSync(log) && readFileSync(log, "utf8").includes("turning"));
    const hosts = hostPids(coordinator.workDirectory("one"));
    expect(hosts.length).toBeGreaterThan(0);
    daemon.kill("SIGKILL");
    await once(daemon, "exit");
    await until("all hosts are gone", () => !hosts.some(isAlive));
  });

  it("restarted after SIGKILL: registers its next incarnation with the run files that are whole, and serves them", async () => {
    const daemon = coordinator.startDaemon("one");
    const first = await coordinator.nextSession();
    const life = await first.register();
    first.send({ kind: "brief", brief: coordinator.brief() });
    const map = await runMap(first, 0, writeInput("a.txt", "b a\na c\n"));
    await runMap(first, 1, writeInput("b.txt", "x\n"));
    daemon.kill("SIGKILL");
    await once(daemon, "exit");
    const runs = join(coordinator.workDirectory("one"), "jobs", job, "runs");
    // One of them is damaged at its end, and there is the beginning of another.
    const damaged = readFileSync(join(runs, "0-1.0.run"));
    writeFileSync(join(runs, "0-1.0.run"), damaged.subarray(0, damaged.length - 1));
    writeFileSync(join(runs, "0-2.0.run.part"), "begun");
    coordinator.startDaemon("one");
    const again = await coordinator.nextSession();
    const { description, inventory } = await again.register();
    expect(description.worker).toBe(life.description.worker);
    expect(description.incarnation).toBe(life.description.incarnation + 1);
    expect(inventory).toEqual({
      running: [],
      gathering: [],
      unacknowledged: [],
      held: [{ attempt: attempt(0, 0), vectorDigest: map.result.run?.vectorDigest }],
    });
    expect(readdirSync(runs)).toEqual(["0-0.0.run"]);
    // Another worker gathers from it, though this life never had the job's brief.
    coordinator.startDaemon("two");
    const two = await coordinator.nextSession();
    await two.register();
    two.send({ kind: "brief", brief: coordinator.brief() });
    two.send({ kind: "gather", attempt: attempt(1, 0), maps: 1 });
    two.send({ kind: "places", attempt: attempt(1, 0), places: [placeOf(map, description, 0)] });
    expect(await two.next("gathered", "complaint")).toMatchObject({ kind: "gathered" });
    again.send({ kind: "verify", source: attempt(0, 0) });
    expect(await again.next("verified")).toMatchObject({ intact: true });
    const whole = readFileSync(join(runs, "0-0.0.run"));
    whole.writeUInt8(whole.readUInt8(whole.length >> 1) ^ 1, whole.length >> 1);
    writeFileSync(join(runs, "0-0.0.run"), whole);
    again.send({ kind: "verify", source: attempt(0, 0) });
    expect(await again.next("verified")).toMatchObject({ intact: false });
  });

  it("goes on while its coordinator is away, and tells results until they are acknowledged", async () => {
    coordinator.startDaemon("one");
    const first = await coordinator.nextSession();
    await first.register();
    first.send({ kind: "brief", brief: coordinator.brief() });
    first.send({ kind: "launch-map", attempt: attempt(0, 0), split: writeInput("a.txt", "a\n") });
    const told = await first.next("finished");
    first.peer.close();
    const second = await coordinator.nextSession();
    const { inventory } = await second.register(2);
    expect(inventory.unacknowledged).toEqual([attempt(0, 0)]);
    expect(await second.next("finished")).toEqual(told);
  });

  it("complains of a source that is gone, and gathers from a newer place", async () => {
    const dead = coordinator.startDaemon("one");
    const one = await coordinator.nextSession();
    await one.register();
    coordinator.startDaemon("two");
    const two = await coordinator.nextSession();
    await two.register();
    for (const session of [one, two]) session.send({ kind: "brief", brief: coordinator.brief() });
    const split = writeInput("a.txt", "b a\n");
    const map = await runMap(one, 0, split);
    const supplied = await runMap(two, 0, split);
    dead.kill("SIGKILL");
    await once(dead, "exit");
    two.send({ kind: "gather", attempt: attempt(1, 0), maps: 1 });
    two.send({ kind: "places", attempt: attempt(1, 0), places: [placeOf(map, one.description!, 0)] });
    expect(await two.next("complaint", "gathered")).toMatchObject({
      kind: "complaint",
      source: attempt(0, 0),
      sourceWorker: one.description!.worker,
      reason: "unreachable",
    });
    expect(supplied.result.run?.vectorDigest).toBe(map.result.run?.vectorDigest);
    two.send({ kind: "places", attempt: attempt(1, 0), places: [placeOf(supplied, two.description!, 0)] });
    await two.next("gathered");
  });

  it("ends within its bound when it is asked to, also in the middle of an endless attempt", async () => {
    coordinator.bundle = endless;
    const daemon = coordinator.startDaemon("one");
    const session = await coordinator.nextSession();
    await session.register();
    session.send({ kind: "brief", brief: coordinator.brief() });
    session.send({ kind: "launch-map", attempt: attempt(0, 0), split: writeInput("a.txt", "a\n") });
    const log = join(coordinator.workDirectory("one"), "jobs", job, "logs", "0-0.0.log");
    await until("user code runs", () => existsSync(log) && readFileSync(log, "utf8").includes("turning"));
    const hosts = hostPids(coordinator.workDirectory("one"));
    const begun = performance.now();
    daemon.kill("SIGTERM");
    const [code] = (await once(daemon, "exit")) as [number | null];
    expect(code).toBe(0);
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(hosts.some(isAlive)).toBe(false);
    await session.ended();
  });

  it("kills an attempt when it is told to, and runs the next one in its slot", async () => {
    coordinator.bundle = endless;
    coordinator.startDaemon("one");
    const session = await coordinator.nextSession();
    await session.register();
    session.send({ kind: "brief", brief: coordinator.brief() });
    for (const task of [0, 1]) {
      session.send({ kind: "launch-map", attempt: attempt(0, task), split: writeInput(`${task}.txt`, "a\n") });
      const log = join(coordinator.workDirectory("one"), "jobs", job, "logs", `0-${task}.0.log`);
      await until("user code runs", () => existsSync(log) && readFileSync(log, "utf8").includes("turning"));
      session.send({ kind: "kill", attempt: attempt(0, task), reason: "the test says so" });
      expect(await session.next("failed")).toMatchObject({ attempt: attempt(0, task), failure: { code: "E_KILLED" } });
    }
  });

  it("asks again for a segment that its source failed to send once", async () => {
    coordinator.startDaemon("one", { environment: { MILLRACE_FAILPOINTS: "shuffle.beforeServe=error:1" } });
    const one = await coordinator.nextSession();
    await one.register();
    coordinator.startDaemon("two");
    const two = await coordinator.nextSession();
    await two.register();
    for (const session of [one, two]) session.send({ kind: "brief", brief: coordinator.brief() });
    const map = await runMap(one, 0, writeInput("a.txt", "b a\n"));
    two.send({ kind: "gather", attempt: attempt(1, 0), maps: 1 });
    two.send({ kind: "places", attempt: attempt(1, 0), places: [placeOf(map, one.description!, 0)] });
    expect(await two.next("gathered", "complaint")).toMatchObject({ kind: "gathered" });
  });

  it(
    "a full disk fails what needs it, charged to this worker, and no map is blamed",
    { skip: process.getuid?.() !== 0 },
    async () => {
      coordinator.startDaemon("one");
      const one = await coordinator.nextSession();
      await one.register();
      const small = coordinator.workDirectory("small");
      mkdirSync(small);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=3m,mode=700", "tmpfs", small]);
      try {
        const daemon = coordinator.startDaemon("small");
        const two = await coordinator.nextSession();
        await two.register();
        for (const session of [one, two]) session.send({ kind: "brief", brief: coordinator.brief() });
        const split = writeInput(
          "many.txt",
          Array.from({ length: 400_000 }, (_, word) => `word-${word}-${(word * 7919) % 400_009}\n`).join(""),
        );
        const map = await runMap(one, 0, split);
        two.send({ kind: "gather", attempt: attempt(1, 0), maps: 1 });
        two.send({ kind: "places", attempt: attempt(1, 0), places: [placeOf(map, one.description!, 0)] });
        expect(await two.next("failed", "complaint", "gathered")).toMatchObject({
          kind: "failed",
          failure: { code: "E_NO_SPACE" },
        });
        two.send({ kind: "launch-map", attempt: attempt(0, 1), split });
        expect(await two.next("failed", "finished")).toMatchObject({
          kind: "failed",
          attempt: attempt(0, 1),
          failure: { code: "E_NO_SPACE" },
        });
        daemon.kill("SIGTERM");
        await once(daemon, "exit");
      } finally {
        execFileSync("umount", ["-l", small]);
      }
    },
  );

  it("refuses a held work directory, and a wrong token, with the exit codes of the table", async () => {
    coordinator.startDaemon("one");
    await (await coordinator.nextSession()).register();
    const [locked] = (await once(coordinator.startDaemon("one"), "exit")) as [number | null];
    expect(locked).toBe(78);
    const [denied] = (await once(coordinator.startDaemon("two", { token: "b".repeat(64) }), "exit")) as [number | null];
    expect(denied).toBe(4);
  });
});
