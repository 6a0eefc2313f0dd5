// `millrace demo`: a real cluster on this machine, three jobs on generated data, a worker killed on the way, and what
// happened. With `--hdfs` inputs and outputs lie on an HDFS of its own, which loses a DataNode. It ends without leaving a
// process or a file, unless `--keep`.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MillraceError } from "@millrace/core";
import { pageAddress, readEndpoint } from "../client/endpoint.ts";
import { openClient } from "../client/open-client.ts";
import { clusterPaths } from "../cluster/cluster-paths.ts";
import type { ClusterPaths } from "../cluster/cluster-paths.ts";
import type { ClusterProcess } from "../cluster/local-cluster.ts";
import { stopProcesses } from "../cluster/local-cluster.ts";
import { startCluster } from "./cluster.ts";
import { runDemoJobs } from "../demo/demo-jobs.ts";
import { hdfsPlace, localPlace } from "../demo/demo-place.ts";
import { describePlaceError } from "../output/place-error.ts";
import { formatDuration, parseWhole } from "../output/units.ts";
import { terminalOf } from "../run-command.ts";
import { untilInterrupted } from "./until-interrupted.ts";

/** Run the demo. */
export async function demoCommand(
  _positional: readonly unknown[],
  flags: Readonly<Record<string, unknown>>,
): Promise<number> {
  const workers = parseWhole(String(flags["workers"]), "--workers", { min: 2, max: 16 });
  const keep = flags["keep"] === true;
  const onHdfs = flags["hdfs"] === true;
  if (keep && onHdfs)
    throw new MillraceError(
      "E_USAGE",
      "Cannot keep the demo's HDFS: nothing would stop it; leave out --keep or --hdfs",
    );
  const terminal = terminalOf(flags);
  const begun = performance.now();
  const paths = clusterPaths(makeDirectory());
  using interrupt = untilInterrupted((signal) => new Error(`interrupted by ${signal}`));
  let processes: readonly ClusterProcess[] = [];
  let place = localPlace(paths.directory);
  try {
    if (onHdfs) place = await hdfsPlace(paths.directory, terminal, interrupt.signal);
    terminal.note(terminal.style("bold", `Starting a coordinator and ${workers} workers, each a process of its own`));
    processes = await startCluster(paths, { workers, slots: 1 }, { signal: interrupt.signal });
    const endpoint = readEndpoint(paths.endpointFile);
    terminal.note(`Status page: ${pageAddress(endpoint)}\n`);
    const client = await openClient(endpoint);
    try {
      await runDemoJobs({
        client,
        directory: paths.directory,
        processes,
        terminal,
        signal: interrupt.signal,
        place,
      });
    } finally {
      await client.close();
    }
    terminal.note(terminal.style("bold", `\nDone in ${formatDuration(performance.now() - begun)}`));
    if (keep) describeKept(paths, terminal.note);
    return 0;
  } catch (thrown) {
    if (!interrupt.signal.aborted) throw describeDirectoryError(paths.directory, thrown);
    terminal.error("Interrupted: the cluster is stopped and its files are removed");
    return 130;
  } finally {
    if (!keep || interrupt.signal.aborted) {
      await stopProcesses(processes);
      await place.stop();
      rmSync(paths.directory, { recursive: true, force: true });
    }
  }
}

/** Make the directory of the demo. @throws {MillraceError} E_CONFIGURATION, E_NO_SPACE. */
function makeDirectory(): string {
  try {
    return mkdtempSync(join(tmpdir(), "millrace-demo-"));
  } catch (thrown) {
    throw describeDirectoryError(tmpdir(), thrown);
  }
}

function describeDirectoryError(path: string, thrown: unknown): unknown {
  const elsewhere = "set TMPDIR to a directory";
  return describePlaceError({ act: "run the demo in", path, elsewhere, code: "E_CONFIGURATION" }, thrown);
}

function describeKept(paths: ClusterPaths, note: (line: string) => void): void {
  note(`The cluster goes on in ${paths.directory}. Try:`);
  note(`  export MILLRACE_ENDPOINT_FILE=${paths.endpointFile}`);
  note("  npx millrace job list");
  note(`  npx millrace cluster down --remove --dir ${paths.directory}`);
}
