// Wait until servers are as they should be: ask again and again, end early when one of them has died, and say what was
// waited for when it does not come.

import { setTimeout as delay } from "node:timers/promises";
import { MillraceError } from "@millrace/core";
import type { JavaProcess } from "../processes/java-process.ts";
import { logTail } from "../processes/java-process.ts";

/** For what, how long, and which servers must go on meanwhile. */
export interface WaitUntil {
  readonly what: string;
  readonly timeoutMs: number;
  readonly processes: readonly JavaProcess[];
  readonly signal?: AbortSignal | undefined;
}

const askEveryMs = 100;

/** Ask until the answer is true. @throws {MillraceError} E_STORAGE with a server's last words, or at the deadline. */
export async function waitUntil(ask: () => Promise<boolean>, options: WaitUntil): Promise<void> {
  const deadline = performance.now() + options.timeoutMs;
  for (;;) {
    options.signal?.throwIfAborted();
    if (await ask()) return;
    const dead = options.processes.find((each) => !each.running());
    if (dead !== undefined) throw failure(`${dead.name} has ended while waiting for ${options.what}`, [dead]);
    if (performance.now() > deadline)
      throw failure(`waited ${options.timeoutMs} ms for ${options.what}`, options.processes);
    await delay(askEveryMs);
  }
}

function failure(reason: string, processes: readonly JavaProcess[]): MillraceError {
  const logs = processes.map(({ name, logPath }) => `--- ${name} (${logPath})\n${logTail(logPath)}`).join("\n");
  return new MillraceError("E_STORAGE", `Cannot start HDFS: ${reason}; read what the servers logged last:\n${logs}`, {
    details: { reason: "unknown" },
  });
}
