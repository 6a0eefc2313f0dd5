// Order and patience of the tasks that wait for a slot.
import { describe, expect, it } from "vitest";
import type { Split, WorkerId } from "../../src/index.ts";
import type { SlotOffer } from "../../src/schedule/task-queue.ts";
import { createTaskQueue, dequeueTask, enqueueTask, takeTask } from "../../src/schedule/task-queue.ts";

const split = (bytes: number, ...hosts: string[]): Split => ({ input: 0, parts: [], bytes, hosts });

function queueOf(...splits: Split[]): ReturnType<typeof createTaskQueue> {
  const queue = createTaskQueue(splits);
  splits.forEach((_, task) => enqueueTask(queue, task));
  return queue;
}

function offer(host: string, atMs = 0, more: Partial<SlotOffer> = {}): SlotOffer {
  return {
    worker: `w-${host}` as WorkerId,
    host,
    rack: "/default-rack",
    rackHosts: () => [host],
    hasWorker: () => true,
    hasOther: () => true,
    mayRetry: () => true,
    atMs,
    localityWaitMs: 100,
    ...more,
  };
}

describe("takeTask()", () => {
  it("gives the largest first, and the lower index among equals", () => {
    const queue = queueOf(split(5), split(9), split(5), split(7));
    const order = [0, 1, 2, 3].map(() => takeTask(queue, offer("h")).task);
    expect(order).toEqual([1, 3, 0, 2]);
    expect(takeTask(queue, offer("h"))).toEqual({ task: undefined });
  });

  it("gives a task near its data before a larger one elsewhere", () => {
    const queue = queueOf(split(9, "a"), split(1, "b"));
    expect(takeTask(queue, offer("b")).task).toBe(1);
  });

  it("knows the host of the data by the short name that its worker has, and the other way round", () => {
    const queue = queueOf(split(9, "dn1.example.org"), split(1, "dn2.example.org"), split(8, "DN3"));
    expect(takeTask(queue, offer("dn2")).task).toBe(1);
    expect(takeTask(queue, offer("dn3.example.org")).task).toBe(2);
  });

  it("takes a short name for neither of two hosts", () => {
    const queue = queueOf(split(9, "dn2.a.org"), split(2, "dn1.b.org"), split(1, "dn1.a.org"));
    expect(takeTask(queue, offer("dn1", 0, { hasWorker: () => false })).task).toBe(0);
  });

  it("waits for the node, then for the rack, then gives any", () => {
    const queue = queueOf(split(9, "a"), split(8, "b"));
    const rackHosts = (): readonly string[] => ["b", "c"];
    expect(takeTask(queue, offer("c", 0, { rackHosts }))).toEqual({ task: undefined, retryMs: 100 });
    expect(takeTask(queue, offer("c", 50, { rackHosts }))).toEqual({ task: undefined, retryMs: 100 });
    expect(takeTask(queue, offer("c", 100, { rackHosts })).task).toBe(1);
    expect(takeTask(queue, offer("c", 100, { rackHosts }))).toEqual({ task: undefined, retryMs: 200 });
    expect(takeTask(queue, offer("c", 300, { rackHosts })).task).toBe(0);
  });

  it("gives a task whose data is on the worker's rack before another, also where no worker runs beside the data", () => {
    const onRack = (bytes: number, host: string, rack: string): Split => ({ ...split(bytes, host), racks: [rack] });
    const nobody = { hasWorker: () => false };
    const queue = queueOf(onRack(9, "dn1", "/r1"), onRack(5, "dn2", "/r2"), onRack(7, "dn3", "/r2"));
    const order = [0, 1, 2].map(() => takeTask(queue, offer("w", 0, { ...nobody, rack: "/r2" })).task);
    expect(order).toEqual([2, 1, 0]);
  });

  it("does not wait for a host where nobody works, nor for data without a place", () => {
    expect(takeTask(queueOf(split(9, "gone")), offer("c", 0, { hasWorker: () => false })).task).toBe(0);
    expect(takeTask(queueOf(split(9)), offer("c")).task).toBe(0);
  });

  it("keeps a task that failed away from its worker for a while, if there is another", () => {
    const queue = createTaskQueue([split(1)]);
    enqueueTask(queue, 0, { worker: "w-a" as WorkerId, untilMs: 500, ownFault: false });
    expect(takeTask(queue, offer("a"))).toEqual({ task: undefined, retryMs: 500 });
    expect(takeTask(queue, offer("b")).task).toBe(0);
    enqueueTask(queue, 0, { worker: "w-a" as WorkerId, untilMs: 500, ownFault: false });
    expect(takeTask(queue, offer("a", 0, { hasOther: () => false })).task).toBe(0);
    enqueueTask(queue, 0, { worker: "w-a" as WorkerId, untilMs: 500, ownFault: false });
    expect(takeTask(queue, offer("a", 500)).task).toBe(0);
  });

  it("gives a task that failed by its worker's fault to none that may not retry it, however long it waits", () => {
    const queue = createTaskQueue([split(1), split(1)]);
    enqueueTask(queue, 0, { worker: "w-a" as WorkerId, untilMs: 500, ownFault: true });
    enqueueTask(queue, 1, { worker: "w-a" as WorkerId, untilMs: 500, ownFault: false });
    const failing = { mayRetry: () => false };
    expect(takeTask(queue, offer("b", 900, failing)).task).toBe(1);
    expect(takeTask(queue, offer("b", 900, failing))).toEqual({ task: undefined });
    expect(takeTask(queue, offer("a", 900)).task).toBe(0);
  });

  it("gives no task twice, and none that was taken out of the line", () => {
    const queue = queueOf(split(3), split(2), split(1));
    dequeueTask(queue, 1);
    enqueueTask(queue, 0);
    expect([
      takeTask(queue, offer("h")).task,
      takeTask(queue, offer("h")).task,
      takeTask(queue, offer("h")).task,
    ]).toEqual([0, 2, undefined]);
    enqueueTask(queue, 1);
    expect(takeTask(queue, offer("h")).task).toBe(1);
  });
});
