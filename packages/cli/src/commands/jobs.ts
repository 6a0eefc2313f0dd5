// `millrace jobs`: the shipped jobs with their parameters.

import { shippedJobs } from "@millrace/jobs";
import { specOfParts } from "@millrace/sdk/engine";
import { bundleJob } from "../job-module/bundle-job.ts";
import { loadJob } from "../job-module/load-job.ts";
import { formatTable } from "../output/table.ts";
import { terminalOf } from "../run-command.ts";

/** List shipped jobs. */
export async function jobsCommand(
  _positional: readonly unknown[],
  flags: Readonly<Record<string, unknown>>,
): Promise<number> {
  const jobs = await Promise.all(
    shippedJobs.map(async ({ name, description, path }) => {
      const { params } = specOfParts(await loadJob({ path, shipped: true }, await bundleJob({ path, shipped: true })));
      return { name, description, params };
    }),
  );
  const terminal = terminalOf(flags);
  if (flags["output"] === "json") {
    terminal.data(`${JSON.stringify(jobs)}\n`);
    return 0;
  }
  const rows = jobs.map((job) => [job.name, Object.entries(job.params).map(describeParam).join(" "), job.description]);
  terminal.data(formatTable(["JOB", "PARAMETERS", "WHAT IT DOES"], rows));
  return 0;
}

function describeParam([name, param]: readonly [string, { readonly type: string; readonly default?: string }]): string {
  return param.default === undefined ? `-p ${name}=<${param.type}>` : `[-p ${name}=${param.default}]`;
}
