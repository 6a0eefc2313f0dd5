// `millrace coordinator`: the daemon in the foreground.

import { join } from "node:path";
import { armFailpoints } from "@millrace/ports";
import { ownEndpointPath } from "../client/endpoint.ts";
import { configFiles, loadConfig } from "../config/load-config.ts";
import { stateHome } from "../config/state-home.ts";
import { terminalOf } from "../run-command.ts";
import { endForCertain, untilSignal } from "./until-signal.ts";

/** Run a coordinator until it is told to stop. */
export async function coordinatorCommand(
  _positional: readonly unknown[],
  flags: Readonly<Record<string, unknown>>,
): Promise<number> {
  const text = (name: string): string | undefined => flags[name] as string | undefined;
  const config = await loadConfig({
    flags: { listen: text("listen"), http: text("http"), stateDir: text("stateDir") },
    environment: process.env,
    files: configFiles(process.env),
  });
  armFailpoints(process.env["MILLRACE_FAILPOINTS"]);
  const { startCoordinator } = await import("@millrace/coordinator/start");
  const stateDirectory =
    config.stateDir.value === "" ? join(stateHome(process.env), "coordinator") : config.stateDir.value;
  const stop = untilSignal();
  const coordinator = await startCoordinator({
    listen: config.listen.value,
    http: config.http.value,
    stateDirectory,
    endpointFile: text("endpointFile") ?? ownEndpointPath(process.env),
    logLevel: config.logLevel.value,
    onFatal: stop.fail,
  });
  terminalOf(flags).note(
    `Coordinator on ${coordinator.address}, page on http://${coordinator.httpAddress}/, state in ${stateDirectory}`,
  );
  try {
    await stop.done;
    return 0;
  } finally {
    await coordinator.close();
    endForCertain();
  }
}
