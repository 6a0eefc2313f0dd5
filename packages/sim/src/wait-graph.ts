// What everyone waits for, for a run that does not end: jobs with their tasks and reasons, workers, links of waits.

import type { Cluster } from "./cluster.ts";

/** Print the waits of a cluster, one line each. */
export function printWaits(cluster: Cluster): string {
  const lines = [`coordinator ${cluster.coordinator.process.up ? "up" : "down"}`];
  for (const worker of cluster.workers) lines.push(worker.describeState());
  for (const client of cluster.clients) if (!client.settled) lines.push(`client ${client.drawn.index} has no answer`);
  const machine = cluster.coordinator.reigning;
  for (const job of cluster.waiting()) {
    const state = machine?.jobState(job);
    if (state === undefined) lines.push(`${job} is unknown to the coordinator`);
    else
      lines.push(
        `${job} ${state.phase}`,
        ...state.stages.flatMap((stage, index) =>
          stage.tasks.flatMap((task, number) => describeTask(`${index}-${number}`, task)),
        ),
      );
  }
  return lines.map((line) => `  ${line}`).join("\n");
}

function describeTask(
  name: string,
  task: {
    readonly accepted: unknown;
    readonly home: unknown;
    readonly attempts: readonly { readonly attempt: number; readonly status: string; readonly worker: string }[];
  },
): string[] {
  const attempts = task.attempts.map((attempt) => `.${attempt.attempt} ${attempt.status} on ${attempt.worker}`);
  if (task.accepted !== undefined && task.home !== undefined) return [];
  return [`  task ${name}${task.accepted === undefined ? "" : " accepted"}: ${attempts.join(", ")}`];
}
