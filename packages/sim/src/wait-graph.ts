// What everyone waits for, for a run that does not end: jobs with their tasks and reasons, workers, clients.

import type { CoordinatorMachine, JobId } from "@millrace/core";
import { printJobWaits } from "./checkers/view-checker.ts";
import type { Cluster } from "./cluster.ts";

/** Print the waits of a cluster, one line each. */
export function printWaits(cluster: Cluster): string {
  const lines = [`coordinator ${cluster.coordinator.process.up ? "up" : "down"}`];
  for (const worker of cluster.workers) lines.push(worker.describeState());
  for (const client of cluster.clients) if (!client.settled) lines.push(`client ${client.drawn.index} has no answer`);
  const machine = cluster.coordinator.reigning;
  for (const job of cluster.waiting()) lines.push(...describeJob(machine, job, cluster.world.nowMs));
  return lines.map((line) => `  ${line}`).join("\n");
}

function describeJob(machine: CoordinatorMachine | undefined, job: JobId, atMs: number): string[] {
  const run = machine?.reign.jobs.get(job);
  if (run === undefined) return [`${job} is unknown to the coordinator`];
  const tasks = run.state.stages.flatMap((stage, index) =>
    stage.tasks.flatMap((task, number) => describeTask(`${index}-${number}`, task)),
  );
  return [`${job} ${run.state.phase}`, ...printJobWaits(run, atMs), ...tasks];
}

interface TaskOfJob {
  readonly accepted: unknown;
  readonly home: unknown;
  readonly attempts: readonly { readonly attempt: number; readonly status: string; readonly worker: string }[];
}

function describeTask(name: string, task: TaskOfJob): string[] {
  const attempts = task.attempts.map((attempt) => `.${attempt.attempt} ${attempt.status} on ${attempt.worker}`);
  if (task.accepted !== undefined && task.home !== undefined) return [];
  return [`  task ${name}${task.accepted === undefined ? "" : " accepted"}: ${attempts.join(", ")}`];
}
