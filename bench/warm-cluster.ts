// A cluster of processes with a client in this one: what a job costs without the start of a command. Processor time is
// told by what spent it, since a machine with other work makes wall time a bad judge.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openClient } from "../packages/cli/src/client/open-client.ts";
import { readEndpoint } from "../packages/cli/src/client/endpoint.ts";
import { buildSpec } from "../packages/cli/src/job-module/build-spec.ts";
import { parseSubmission } from "../packages/cli/src/job-module/parse-submission.ts";
import type { TestCluster } from "../e2e/cluster.ts";
import { startTestCluster } from "../e2e/cluster.ts";
import { costOf } from "./process-cost.ts";

/** A cluster and its client. */
export interface WarmCluster {
  readonly cluster: TestCluster;
  /** A directory of the bench's own. */
  readonly scratch: string;
  /** Run word count and wait for its success. @returns milliseconds from Submit to success. */
  run(input: string, output: string, flags?: Readonly<Record<string, string>>): Promise<number>;
  /** Processor time so far, in ms, this process's own included. */
  cpu(): CpuByKind;
  stop(): Promise<void>;
}

/** Milliseconds of processor time. */
export interface CpuByKind {
  readonly coordinator: number;
  readonly workers: number;
  /** Task hosts, those that ended included. */
  readonly hosts: number;
  readonly client: number;
}

/** Start it: 2 workers of 1 slot. @param env more for its environment. */
export async function startWarmCluster(env: Readonly<Record<string, string>> = {}): Promise<WarmCluster> {
  const scratch = mkdtempSync(join(tmpdir(), "millrace-bench-"));
  const cluster = await startTestCluster({ workers: 2, slots: 1, env });
  const client = await openClient(readEndpoint(cluster.env["MILLRACE_ENDPOINT_FILE"] ?? ""));
  return {
    cluster,
    scratch,
    run: async (input, output, flags = {}) => {
      const submission = parseSubmission(["word-count", [input, join(scratch, output)]], { param: [], ...flags });
      const { spec, payload } = await buildSpec(submission);
      const begun = performance.now();
      const { job } = await client.submit(spec, payload);
      const view = await client.watch(job, () => undefined, AbortSignal.timeout(300_000));
      if (view.state !== "succeeded") throw new Error(JSON.stringify(view.failure));
      return performance.now() - begun;
    },
    cpu: () => cpuByKind(cluster),
    stop: async () => {
      await client.close();
      await cluster.stop();
      rmSync(scratch, { recursive: true });
    },
  };
}

/** What was spent between two looks, for each of `count` jobs or tasks. */
export function cpuPer(count: number, before: CpuByKind, after: CpuByKind): Readonly<Record<keyof CpuByKind, string>> {
  const per = (kind: keyof CpuByKind): string => ((after[kind] - before[kind]) / count).toFixed(2);
  return { coordinator: per("coordinator"), workers: per("workers"), hosts: per("hosts"), client: per("client") };
}

function cpuByKind({ daemons }: TestCluster): CpuByKind {
  const pids = new Set(daemons.map((daemon) => daemon.pid));
  const coordinator = daemons[0]?.pid;
  const { user, system } = process.cpuUsage();
  const spent = { coordinator: 0, workers: 0, hosts: 0, client: (user + system) / 1e3 };
  for (const cost of costOf([...pids])) {
    const ms = cost.cpuSeconds * 1e3;
    if (cost.pid === coordinator) spent.coordinator += ms;
    else if (pids.has(cost.pid)) spent.workers += ms;
    else spent.hosts += ms;
    spent.hosts += cost.endedCpuSeconds * 1e3;
  }
  return spent;
}
