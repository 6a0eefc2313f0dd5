// The tasks of a running job, for tests that wait for a moment of it, and who runs what.

import { whenAnswered } from "./ask-coordinator.ts";
import type { ClientEnvironment, WorkersAnswer } from "./ask-coordinator.ts";
import type { Daemon, TestCluster } from "./cluster.ts";

/** One attempt of a task. */
export interface AttemptRow {
  readonly attempt: string;
  readonly state: string;
  readonly worker: string;
}

/** One task. */
export interface TaskRow {
  readonly stage: number;
  readonly state: string;
  readonly attempts: readonly AttemptRow[];
}

/** Look at a job's tasks, 200 at most, until they show what is waited for. */
export async function whenTasks<Picked>(
  { env }: { readonly env: ClientEnvironment },
  job: string,
  pick: (tasks: readonly TaskRow[]) => Picked | undefined,
): Promise<Picked> {
  return whenAnswered(env, `jobs/${job}/tasks`, (answer) =>
    pick((answer as { readonly tasks: readonly TaskRow[] }).tasks),
  );
}

/** Pick an attempt of a stage that is in a state. */
export function attemptIn(tasks: readonly TaskRow[], stage: number, state: string): AttemptRow | undefined {
  return tasks
    .filter((task) => task.stage === stage)
    .flatMap((task) => task.attempts)
    .find((attempt) => attempt.state === state);
}

/** Find the daemon that runs, or ran, an attempt. */
export async function daemonOf({ env, daemons }: TestCluster, { worker }: AttemptRow): Promise<Daemon> {
  return whenAnswered(env, "workers", (answer) => {
    const host = (answer as WorkersAnswer).workers.find((each) => each.worker === worker)?.host;
    return daemons.find(({ name }) => name === host);
  });
}
