import type { AttemptFailure } from "@millrace/core";
import type { AttemptOrder } from "@millrace/ports";
import { describe, expect, it } from "vitest";
import { createUnstartedHost } from "../../src/process/unstarted-host.ts";

/** Run an attempt. @returns its failure, and whether the host is of no more use. */
function run(host: ReturnType<typeof createUnstartedHost>): Promise<readonly [AttemptFailure, boolean]> {
  return new Promise((resolve) => {
    host.run({} as AttemptOrder, {
      onProgress: () => undefined,
      onFinished: () => undefined,
      onFailed: (failure, hostGone) => resolve([failure, hostGone]),
    });
  });
}

/** Two turns: what was put off to the next one is over. */
async function untilLater(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe("createUnstartedHost()", () => {
  it("is gone in the next turn when no attempt has got it, and not before its pool knows it", async () => {
    let gone = 0;
    createUnstartedHost(new Error("no"), () => (gone += 1));
    expect(gone).toBe(0);
    await untilLater();
    expect(gone).toBe(1);
  });

  it("fails the attempt that got it, and tells nothing else", async () => {
    let gone = 0;
    const host = createUnstartedHost(new Error("EMFILE: too many open files"), () => (gone += 1));
    const [failure, hostGone] = await run(host);
    await untilLater();
    expect([failure.code, hostGone, gone]).toEqual(["E_HOST_START", true, 0]);
    expect(failure.message).toContain("EMFILE");
  });

  it("tells nothing when it is killed, with an attempt or without", async () => {
    const told: string[] = [];
    const idle = createUnstartedHost(new Error("no"), () => told.push("gone"));
    const running = createUnstartedHost(new Error("no"), () => told.push("gone"));
    running.run({} as AttemptOrder, {
      onProgress: () => undefined,
      onFinished: () => undefined,
      onFailed: () => told.push("failed"),
    });
    await Promise.all([idle.kill(), running.kill()]);
    await untilLater();
    expect(told).toEqual([]);
  });

  it.each(["ENOSPC", "EDQUOT"])("calls a full disk so, for %s", async (code) => {
    const host = createUnstartedHost(Object.assign(new Error(`${code}: it is full`), { code }), () => undefined);
    expect((await run(host))[0]).toEqual({
      code: "E_NO_SPACE",
      message: "Cannot start a task process: the disk is full; free disk space on this worker",
    });
  });
});
