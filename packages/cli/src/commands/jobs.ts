// `millrace jobs`: the shipped jobs; `millrace jobs JOB`: one of them, or a job file, with all that it takes and gives.

import { shippedJobs } from "@millrace/jobs";
import { bundleJob } from "../job-module/bundle-job.ts";
import { describeJob, valuesOf } from "../job-module/describe-job.ts";
import type { JobDescription } from "../job-module/describe-job.ts";
import { findJob } from "../job-module/find-job.ts";
import { loadJob } from "../job-module/load-job.ts";
import { escapeText, shownText } from "../output/escape-text.ts";
import { formatTable } from "../output/table.ts";
import { terminalOf } from "../run-command.ts";

/** List shipped jobs, or show one job. */
export async function jobsCommand(
  positional: readonly unknown[],
  flags: Readonly<Record<string, unknown>>,
): Promise<number> {
  const terminal = terminalOf(flags);
  const json = flags["output"] === "json";
  const word = positional[0] as string | undefined;
  if (word === undefined) {
    const jobs = await Promise.all(shippedJobs.map(async ({ name }) => describe(name)));
    terminal.data(json ? `${JSON.stringify(jobs)}\n` : listOf(jobs));
    return 0;
  }
  const job = await describe(word);
  terminal.data(json ? `${JSON.stringify(job)}\n` : pageOf(job));
  return 0;
}

async function describe(word: string): Promise<JobDescription> {
  const found = findJob(word);
  const program = await loadJob(found, await bundleJob(found));
  return describeJob(word, shippedJobs.find(({ name }) => name === word)?.description ?? "", program);
}

function listOf(jobs: readonly JobDescription[]): string {
  const rows = jobs.map(({ name, params, description }) => {
    const words = params.map((param) =>
      param.default === undefined
        ? `-p ${param.name}=<${param.type}>`
        : `[-p ${param.name}=${shownText(param.default)}]`,
    );
    return [name, description, words.join(" ")];
  });
  return formatTable(["JOB", "WHAT IT DOES", "PARAMETERS"], rows);
}

function pageOf(job: JobDescription): string {
  const head = [job.description === "" ? job.name : `${job.name}: ${job.description}`];
  if (job.parts.length > 1) head.push(`jobs      ${job.parts.join(" -> ")}`);
  const inputs = job.inputs.map(({ name, format, numbers }) =>
    numbers === undefined
      ? `input     ${name === "" ? "" : `${name}: `}${format}`
      : `input     the numbers below ${typeof numbers === "string" ? `the parameter ${numbers}` : numbers}`,
  );
  const outputs = job.outputs.map(
    ({ name, format, extension }) => `output    ${name === "" ? "" : `${name}/: `}${format}, .${extension}`,
  );
  const files = job.files.map((name) => `file      ${name}, given by --file ${name}=PATH`);
  const params = job.params.map((param) => [
    `-p ${param.name}`,
    valuesOf(param),
    param.default === undefined ? "(must be given)" : shownText(param.default),
    param.about ?? "",
  ]);
  const lines = [...head, ...inputs, ...outputs, ...files, `example   ${job.example}`];
  return [
    ...lines.map((text) => `${escapeText(text)}\n`),
    ...(params.length === 0 ? [] : ["\n", formatTable(["PARAMETER", "VALUES", "DEFAULT", "WHAT IT IS"], params)]),
  ].join("");
}
