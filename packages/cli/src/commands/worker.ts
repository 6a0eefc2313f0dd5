// `millrace worker`: the daemon in the foreground.

import { hostname } from "node:os";
import { join } from "node:path";
import { armFailpoints } from "@millrace/ports";
import { MillraceError } from "@millrace/core";
import type { ErrorCode } from "@millrace/core";
import { findAccess, takeToken } from "../client/endpoint.ts";
import { slotsOf, taskMemoryOf } from "../config/config-numbers.ts";
import { configFiles, loadConfig } from "../config/load-config.ts";
import { stateHome } from "../config/state-home.ts";
import { terminalOf } from "../run-command.ts";
import { endForCertain, untilSignal } from "./until-signal.ts";

/** Run a worker until it is told to stop. */
export async function workerCommand(
  _positional: readonly unknown[],
  flags: Readonly<Record<string, unknown>>,
): Promise<number> {
  const text = (name: string): string | undefined => flags[name] as string | undefined;
  const flagged = {
    coordinator: text("coordinator"),
    slots: text("slots"),
    workDir: text("workDir"),
    shuffleListen: text("shuffleListen"),
    hostName: text("hostName"),
    rack: text("rack"),
  };
  const config = await loadConfig({ flags: flagged, environment: process.env, files: configFiles(process.env) });
  armFailpoints(process.env["MILLRACE_FAILPOINTS"]);
  const slots = slotsOf(config.slots);
  const memory = { slotBytes: taskMemoryOf(config.taskMemory) };
  const { requireLoopback } = await import("@millrace/rpc/endpoint");
  await requireLoopback(config.shuffleListen.value);
  const sources = { environment: process.env, token: takeToken(process.env), endpointFile: text("endpointFile") };
  const workDirectory = config.workDir.value === "" ? join(stateHome(process.env), "worker") : config.workDir.value;
  const { startWorker } = await import("@millrace/worker");
  const terminal = terminalOf(flags);
  const stop = untilSignal();
  const worker = await startWorker({
    surroundings: {
      kind: "daemon",
      findCoordinator: async () => findAccess("worker", config.coordinator, sources),
      shuffleListen: config.shuffleListen.value,
    },
    workDirectory,
    slots,
    memory,
    hostName: config.hostName.value === "" ? hostname() : config.hostName.value,
    rack: config.rack.value,
    onExit: (code, message) => stop.fail(new MillraceError(code as ErrorCode, message)),
    onSession: (what, reason) => terminal.note(`Session ${what}${reason === "" ? "" : `: ${reason}`}`),
  });
  terminal.note(`Worker ${worker.id}, segments on ${worker.shuffleAddress}, files in ${workDirectory}`);
  try {
    await stop.done;
    return 0;
  } finally {
    await worker.close();
    endForCertain();
  }
}
