import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { defaultSlotMemory } from "../../src/host-limits.ts";
import { hostModules } from "../../src/io/host-modules.ts";
import {
  startComputeThread,
  startComputeThreadAhead,
  takeComputeThreadAhead,
  watchedHeapMiB,
} from "../../src/io/compute-thread-start.ts";
import type { ComputeThread } from "../../src/io/compute-thread-start.ts";
import { userEnvironment } from "../../src/process/user-environment.ts";

const usual = {
  module: hostModules().compute,
  environment: userEnvironment(process.env),
  heapMiB: watchedHeapMiB(defaultSlotMemory.heapBytes),
  slotBytes: defaultSlotMemory.slotBytes,
  keepsCompiled: false,
};

const MiB = 2 ** 20;

/** How many writable mappings of this process have a size, and up to 16 MiB more. */
function mappingsOf(bytes: number): number {
  const sizes = readFileSync("/proc/self/maps", "utf8")
    .split("\n")
    .map((line) => {
      const [, begin = "0", end = "0"] = /^([0-9a-f]+)-([0-9a-f]+) rw/u.exec(line) ?? [];
      return Number.parseInt(end, 16) - Number.parseInt(begin, 16);
    });
  return sizes.filter((size) => size >= bytes && size < bytes + 16 * MiB).length;
}

describe.runIf(existsSync("/proc/self/maps"))("startComputeThread()", () => {
  it("makes the memory of its slot before an order comes, and none of another size", { timeout: 30_000 }, async () => {
    const slotBytes = 83 * MiB;
    const usually = mappingsOf(defaultSlotMemory.slotBytes);
    const { worker, port } = startComputeThread({ ...usual, slotBytes });
    try {
      await vi.waitFor(() => expect(mappingsOf(slotBytes)).toBe(1), 20_000);
      expect(mappingsOf(defaultSlotMemory.slotBytes)).toBe(usually);
    } finally {
      port.close();
      await worker.terminate();
    }
  });
});

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
