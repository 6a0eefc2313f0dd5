import type { AttemptRef, JobId } from "@millrace/core";
import type { AttemptHandler, AttemptOrder } from "@millrace/ports";
import { describe, expect, it } from "vitest";
import type { Host, HostEvents } from "../../src/pool/host.ts";
import { PoolExecutor } from "../../src/pool/pool-executor.ts";

interface FakeHost extends Host {
  readonly orders: AttemptOrder[];
  events: HostEvents | undefined;
  killed: boolean;
  readonly gone: () => void;
}

function fakePool(slots: number, spares: number): { readonly pool: PoolExecutor; readonly hosts: FakeHost[] } {
  const hosts: FakeHost[] = [];
  const createHost = (gone: () => void): Host => {
    const host: FakeHost = {
      orders: [],
      events: undefined,
      killed: false,
      gone,
      run: (order, events) => {
        host.orders.push(order);
        host.events = events;
      },
      kill: async () => {
        host.killed = true;
      },
    };
    hosts.push(host);
    return host;
  };
  return { pool: new PoolExecutor({ slots, spares, createHost }), hosts };
}

function orderOf(job: string, task: number, taskTimeoutMs = 60_000): AttemptOrder {
  const attempt: AttemptRef = { job: job as JobId, stage: 0, task, attempt: 0 };
  return {
    attempt,
    brief: { taskTimeoutMs },
    scratchPath: "/dev/null/scratch",
    logPath: "/dev/null/log",
  } as unknown as AttemptOrder;
}

function record(): { readonly told: string[]; readonly handler: AttemptHandler; readonly over: Promise<string> } {
  const told: string[] = [];
  let end: (how: string) => void = () => undefined;
  const over = new Promise<string>((resolve) => (end = resolve));
  const tell = (how: string): void => {
    told.push(how);
    end(how);
  };
  return {
    told,
    over,
    handler: {
      onProgress: () => undefined,
      onFinished: () => {
        tell("finished");
      },
      onFailed: (failure) => {
        tell(failure.code);
      },
      onStopped: () => {
        tell("stopped");
      },
    },
  };
}

const finish = (host: FakeHost | undefined): void => host?.events?.onFinished({} as never, undefined);

describe("PoolExecutor", () => {
  it("starts spares at once, and another when one is taken", () => {
    const { pool, hosts } = fakePool(2, 2);
    expect(hosts.length).toBe(2);
    pool.start(orderOf("a", 0), record().handler);
    expect(hosts.length).toBe(3);
  });

  it("uses the host of a job for its next attempt, and never for another job", () => {
    const { pool, hosts } = fakePool(2, 1);
    for (const [job, task] of [
      ["a", 0],
      ["a", 1],
      ["b", 0],
      ["a", 2],
    ] as const) {
      pool.start(orderOf(job, task), record().handler);
      finish(
        hosts.find((host) => host.orders.at(-1)?.attempt.job === job && host.orders.at(-1)?.attempt.task === task),
      );
    }
    expect(hosts.map((host) => host.orders.map((order) => order.attempt.job).join(""))).toEqual(["aaa", "b", ""]);
  });

  it("ends the idle host of another job when there are more than slots", () => {
    const { pool, hosts } = fakePool(1, 1);
    pool.start(orderOf("a", 0), record().handler);
    finish(hosts[0]);
    pool.start(orderOf("b", 0), record().handler);
    expect(hosts.map((host) => host.killed)).toEqual([true, false, false]);
  });

  it("refuses an attempt beyond its slots as a bug of the caller", () => {
    const { pool } = fakePool(1, 0);
    pool.start(orderOf("a", 0), record().handler);
    expect(() => {
      pool.start(orderOf("a", 1), record().handler);
    }).toThrow(/no slot is free/);
  });

  it("stop() kills the host, then tells once, whatever the host still says", async () => {
    const { pool, hosts } = fakePool(1, 0);
    const { told, handler, over } = record();
    pool.start(orderOf("a", 0), handler);
    pool.stop(orderOf("a", 0).attempt);
    pool.stop(orderOf("a", 0).attempt);
    expect(await over).toBe("stopped");
    expect(hosts[0]?.killed).toBe(true);
    expect(told).toEqual(["stopped"]);
    pool.stop(orderOf("a", 9).attempt);
  });

  it("ends an attempt without progress with E_TASK_TIMEOUT", async () => {
    const { pool, hosts } = fakePool(1, 0);
    const { handler, over } = record();
    pool.start(orderOf("a", 0, 5), handler);
    expect(await over).toBe("E_TASK_TIMEOUT");
    expect(hosts[0]?.killed).toBe(true);
  });

  it("does not use a host that is gone again", async () => {
    const { pool, hosts } = fakePool(1, 0);
    const first = record();
    pool.start(orderOf("a", 0), first.handler);
    hosts[0]?.events?.onFailed({ code: "E_TASK_CRASHED", message: "" }, true);
    expect(await first.over).toBe("E_TASK_CRASHED");
    pool.start(orderOf("a", 1), record().handler);
    expect(hosts[1]?.orders.length).toBe(1);
  });

  it("replaces a spare that ended by itself with the next attempt, not in a loop of starts", () => {
    const { pool, hosts } = fakePool(1, 1);
    hosts[0]?.gone();
    expect(hosts.length).toBe(1);
    pool.start(orderOf("a", 0), record().handler);
    expect(hosts.length).toBe(3);
  });

  it("forgetJob() ends idle hosts at once and a busy one after its attempt", () => {
    const { pool, hosts } = fakePool(2, 0);
    pool.start(orderOf("a", 0), record().handler);
    pool.start(orderOf("a", 1), record().handler);
    finish(hosts[0]);
    pool.forgetJob("a");
    expect(hosts.map((host) => host.killed)).toEqual([true, false]);
    finish(hosts[1]);
    expect(hosts[1]?.killed).toBe(true);
  });

  it("close() stops what runs and ends every host", async () => {
    const { pool, hosts } = fakePool(2, 2);
    const { handler, told } = record();
    pool.start(orderOf("a", 0), handler);
    await pool.close();
    expect(told).toEqual(["stopped"]);
    expect(hosts.every((host) => host.killed)).toBe(true);
  });
});
