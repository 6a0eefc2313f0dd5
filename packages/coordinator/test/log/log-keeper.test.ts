import type { AttemptFailure, JobId, SessionId, WorkerMessage } from "@millrace/core";
import { limits } from "@millrace/core";
import type { SessionListener } from "@millrace/ports";
import { describe, expect, it } from "vitest";
import { LogKeeper } from "../../src/log/log-keeper.ts";

const job = `job-${"0".repeat(26)}` as JobId;
const session = 1 as SessionId;
const failed = (task: number, code = "E_USER_CODE"): WorkerMessage => ({
  kind: "failed",
  attempt: { job, stage: 0, task, attempt: 0 },
  failure: { code, message: "" } satisfies AttemptFailure,
});
const heartbeat: WorkerMessage = { kind: "heartbeat", progress: [], freeDiskBytes: 1 };
const register = {
  kind: "register",
  description: { shuffleAddress: "127.0.0.1:1" },
  inventory: {},
} as unknown as WorkerMessage;

/** A keeper whose fetches end when the test says so. */
function begin(): { keeper: LogKeeper; passed: string[]; fetches: ((bytes?: Uint8Array) => void)[]; kept: string[] } {
  const passed: string[] = [];
  const kept: string[] = [];
  const fetches: ((bytes?: Uint8Array) => void)[] = [];
  const listener: SessionListener = {
    onOpened: () => undefined,
    onMessage: (_session, message) =>
      passed.push(message.kind === "failed" ? `failed ${message.attempt.task}` : message.kind),
    onClosed: () => passed.push("closed"),
  };
  const keeper = new LogKeeper(listener, {
    fetch: async () =>
      new Promise((resolve, reject) =>
        fetches.push((bytes) => (bytes === undefined ? reject(new Error("no log")) : resolve(bytes))),
      ),
    keep: async (_job, attempt, bytes) => {
      kept.push(`${attempt} ${bytes.length}`);
    },
  });
  keeper.onMessage(session, register);
  return { keeper, passed, fetches, kept };
}

/** Let promises that are settled run on. */
const settle = async (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("LogKeeper", () => {
  it("has no room for more behind a log that does not come, and asks the next one else", async () => {
    const { keeper, passed, fetches } = begin();
    keeper.onMessage(session, failed(1));
    for (let count = 0; count < limits.sessionMessagesWaitingMax - 1; count += 1) keeper.onMessage(session, heartbeat);
    expect(keeper.whenRoom(session)).toBeUndefined();
    keeper.onMessage(session, heartbeat);
    const room = keeper.whenRoom(session);
    expect(room).toBeDefined();
    fetches[0]?.();
    await room;
    expect(passed).toHaveLength(2 + limits.sessionMessagesWaitingMax);
    expect(keeper.whenRoom(session)).toBeUndefined();
  });

  it("holds a failure and what follows it until the log is there, in order", async () => {
    const { keeper, passed, fetches, kept } = begin();
    keeper.onMessage(session, failed(1));
    keeper.onMessage(session, heartbeat);
    keeper.onMessage(session, failed(2));
    keeper.onMessage(session, heartbeat);
    expect(passed).toEqual(["register"]);
    fetches[0]?.(Buffer.alloc(100_000));
    await settle();
    expect(passed).toEqual(["register", "failed 1", "heartbeat"]);
    fetches[1]?.();
    await settle();
    expect(passed).toEqual(["register", "failed 1", "heartbeat", "failed 2", "heartbeat"]);
    expect(kept).toEqual(["0-1.0 65536"]);
  });

  it("asks for all logs at once, so that a burst of failures holds a heartbeat no longer than one", async () => {
    const { keeper, passed, fetches } = begin();
    for (let task = 0; task < 100; task += 1) keeper.onMessage(session, failed(task));
    keeper.onMessage(session, heartbeat);
    expect(fetches.length).toBe(100);
    // The time of each fetch is bounded: all of them end with the slowest.
    for (const end of fetches.toReversed()) end();
    await settle();
    expect(passed).toEqual(["register", ...Array.from({ length: 100 }, (_, task) => `failed ${task}`), "heartbeat"]);
  });

  it("does not hold what was killed by the coordinator, nor other sessions", async () => {
    const { keeper, passed } = begin();
    keeper.onMessage(session, failed(1, "E_KILLED"));
    keeper.onMessage(session, failed(2));
    keeper.onMessage(2 as SessionId, heartbeat);
    expect(passed).toEqual(["register", "failed 1", "heartbeat"]);
  });

  it("drops what it holds when the session ends: the worker tells it again", async () => {
    const { keeper, passed, fetches } = begin();
    keeper.onMessage(session, failed(1));
    keeper.onClosed(session);
    fetches[0]?.(Buffer.from("x"));
    await settle();
    expect(passed).toEqual(["register", "closed"]);
  });

  it("keeps a bounded number of a job's logs, and holds nothing beyond", () => {
    const { keeper, passed, fetches } = begin();
    for (let index = 0; index < 500; index += 1) {
      const other = (10 + index) as SessionId;
      keeper.onMessage(other, register);
      keeper.onMessage(other, failed(index));
    }
    expect(fetches.length).toBe(150);
    expect(passed.filter((line) => line.startsWith("failed")).length).toBe(350);
  });
});
