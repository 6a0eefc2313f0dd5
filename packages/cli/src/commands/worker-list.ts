// `millrace worker-list`: who is there, how busy, and since when silent.

import { withClient } from "../client/with-client.ts";
import { formatTable } from "../output/table.ts";
import { formatBytes, formatDuration } from "../output/units.ts";
import { terminalOf } from "../run-command.ts";

/** List workers. */
export async function workerListCommand(
  _positional: readonly unknown[],
  flags: Readonly<Record<string, unknown>>,
): Promise<number> {
  const workers = await withClient(flags, async (client) => client.workers());
  const terminal = terminalOf(flags);
  if (flags["output"] === "json") terminal.data(`${JSON.stringify(workers)}\n`);
  else {
    const rows = workers.map((worker) => [
      worker.worker,
      worker.state,
      worker.host,
      worker.rack,
      `${worker.slotsUsed}/${worker.slots}`,
      String(worker.gathering),
      formatBytes(worker.freeDiskBytes),
      formatDuration(worker.silentMs),
      String(worker.incarnation),
    ]);
    terminal.data(
      formatTable(["WORKER", "STATE", "HOST", "RACK", "SLOTS", "GATHERING", "FREE DISK", "HEARD", "LIFE"], rows),
    );
  }
  return 0;
}
