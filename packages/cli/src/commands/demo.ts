// `millrace demo`: a real cluster on this machine, three jobs on generated data, a worker killed on the way, and what
// happened. It ends without leaving a process or a file, unless `--keep`.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pageAddress, readEndpoint } from "../client/endpoint.ts";
import { openClient } from "../client/open-client.ts";
import { clusterPaths } from "../cluster/cluster-paths.ts";
import type { ClusterPaths } from "../cluster/cluster-paths.ts";
import type { ClusterProcess } from "../cluster/local-cluster.ts";
import { stopProcesses } from "../cluster/local-cluster.ts";
import { startCluster } from "./cluster.ts";
import { runDemoJobs } from "../demo/demo-jobs.ts";
import { formatDuration, parseWhole } from "../output/units.ts";
import { terminalOf } from "../run-command.ts";

/** Run the demo. */
export async function demoCommand(
  _positional: readonly unknown[],
  flags: Readonly<Record<string, unknown>>,
): Promise<number> {
  const workers = parseWhole(String(flags["workers"]), "--workers", { min: 2, max: 16 });
  const keep = flags["keep"] === true;
  const terminal = terminalOf(flags);
  const begun = performance.now();
  const paths = clusterPaths(mkdtempSync(join(tmpdir(), "millrace-demo-")));
  const interrupt = new AbortController();
  const onSignal = (signal: NodeJS.Signals): void => interrupt.abort(new Error(`interrupted by ${signal}`));
  // Until all is cleared away, a second Ctrl-C changes nothing.
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  let processes: readonly ClusterProcess[] = [];
  try {
    terminal.note(terminal.style("bold", `Starting a coordinator and ${workers} workers, each a process of its own`));
    processes = await startCluster(paths, { workers, slots: 1 }, { signal: interrupt.signal });
    const endpoint = readEndpoint(paths.endpointFile);
    terminal.note(`Status page: ${pageAddress(endpoint)}\n`);
    const client = await openClient(endpoint);
    try {
      await runDemoJobs({ client, directory: paths.directory, processes, terminal, signal: interrupt.signal });
    } finally {
      await client.close();
    }
    terminal.note(terminal.style("bold", `\nDone in ${formatDuration(performance.now() - begun)}`));
    if (keep) describeKept(paths, terminal.note);
    return 0;
  } catch (thrown) {
    if (!interrupt.signal.aborted) throw thrown;
    terminal.error("Interrupted: the cluster is stopped and its files are removed");
    return 130;
  } finally {
    if (!keep || interrupt.signal.aborted) {
      await stopProcesses(processes.toReversed());
      rmSync(paths.directory, { recursive: true, force: true });
    }
    process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
  }
}

function describeKept(paths: ClusterPaths, note: (line: string) => void): void {
  note(`The cluster goes on in ${paths.directory}. Try:`);
  note(`  export MILLRACE_ENDPOINT_FILE=${paths.endpointFile}`);
  note("  npx millrace job list");
  note(`  npx millrace cluster down --remove --dir ${paths.directory}`);
}
