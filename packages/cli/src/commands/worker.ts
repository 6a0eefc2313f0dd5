// `millrace worker`: the daemon in the foreground.

import { availableParallelism, hostname } from "node:os";
import { join } from "node:path";
import { armFailpoints } from "@millrace/ports";
import { MillraceError, quote } from "@millrace/core";
import type { ErrorCode } from "@millrace/core";
import { findAccess, takeToken } from "../client/endpoint.ts";
import { configFiles, loadConfig } from "../config/load-config.ts";
import type { ConfigValue } from "../config/load-config.ts";
import { stateHome } from "../config/state-home.ts";
import { parseBytes, parseWhole } from "../output/units.ts";
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
  const slots = parseWhole(config.slots.value, "slots", { min: 0, max: 256 });
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
    slots: slots === 0 ? availableParallelism() : slots,
    memory: { slotBytes: parseTaskMemory(config.taskMemory) },
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

/** Least memory for pairs: below it every batch would be a spill. */
const taskMemoryBytesMin = 2 ** 20;

function parseTaskMemory({ value, origin }: ConfigValue): number {
  const bytes = parseBytes(value, "taskMemory");
  if (bytes >= taskMemoryBytesMin) return bytes;
  throw new MillraceError(
    "E_CONFIGURATION",
    `Cannot use taskMemory ${quote(value)} of ${origin}: less than 1 MiB; set it to 64MiB or more`,
  );
}
