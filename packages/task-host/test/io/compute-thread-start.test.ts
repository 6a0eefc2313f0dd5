import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { defaultSlotMemory } from "../../src/host-limits.ts";
import { hostModules } from "../../src/io/host-modules.ts";
import { startComputeThreadAhead, takeComputeThreadAhead, watchedHeapMiB } from "../../src/io/compute-thread-start.ts";
import type { ComputeThread } from "../../src/io/compute-thread-start.ts";
import { userEnvironment } from "../../src/process/user-environment.ts";

const usual = {
  module: hostModules().compute,
  environment: userEnvironment(process.env),
  heapMiB: watchedHeapMiB(defaultSlotMemory.heapBytes),
  slotBytes: defaultSlotMemory.slotBytes,
  keepsCompiled: false,
};

describe("startComputeThreadAhead()", () => {
  const taken: ComputeThread[] = [];
  const take = (options = usual): ComputeThread | undefined => {
    const thread = takeComputeThreadAhead(options);
    if (thread !== undefined) taken.push(thread);
    return thread;
  };
  afterEach(async () => {
    for (const { worker, port } of taken.splice(0)) {
      port.close();
      await worker.terminate();
    }
  });

  it("starts a thread that is given once and keeps what it said meanwhile", { timeout: 30_000 }, async () => {
    startComputeThreadAhead();
    startComputeThreadAhead();
    const thread = take();
    expect(take()).toBeUndefined();
    if (thread === undefined) throw new Error("no thread was started");
    await once(thread.worker, "online");
    const [message] = (await once(thread.port, "message")) as { readonly kind: string }[];
    expect(message?.kind).toBe("ready");
  });

  it("does not keep a process alive that takes none", { timeout: 30_000 }, () => {
    const module = new URL("../../src/io/compute-thread-start.ts", import.meta.url).href;
    const script = `(await import(${JSON.stringify(module)})).startComputeThreadAhead(); console.log("asked");`;
    const flags = ["--conditions=millrace-source", "--input-type=module", "--eval", script];
    const { status, stdout } = spawnSync(process.execPath, flags, { encoding: "utf8", timeout: 20_000 });
    expect({ status, stdout }).toEqual({ status: 0, stdout: "asked\n" });
  });

  it("gives none to who wants another memory or environment", { timeout: 30_000 }, () => {
    startComputeThreadAhead();
    expect(take({ ...usual, heapMiB: 100 })).toBeUndefined();
    startComputeThreadAhead();
    expect(take({ ...usual, slotBytes: 64 * 2 ** 20 })).toBeUndefined();
    startComputeThreadAhead();
    expect(take({ ...usual, environment: { ...usual.environment, OTHER: "1" } })).toBeUndefined();
  });
});
