// The tasks of a running job as the command lists them, for tests that wait for a moment of it.

import type { TestCluster } from "./cluster.ts";
import { millrace } from "./harness.ts";

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

/** Ask for a job's tasks until they show what is waited for; the test's own deadline bounds it. */
export async function whenTasks(
  cluster: Pick<TestCluster, "env">,
  job: string,
  pick: (tasks: readonly TaskRow[]) => AttemptRow | undefined,
): Promise<AttemptRow> {
  for (;;) {
    const listed = await millrace(["task", "list", job, "-o", "json"], { env: cluster.env });
    if (listed.exit !== 0) throw new Error(listed.stderr);
    const picked = pick(JSON.parse(listed.stdout) as readonly TaskRow[]);
    if (picked !== undefined) return picked;
  }
}

/** Pick an attempt of a stage that is in a state. */
export function attemptIn(tasks: readonly TaskRow[], stage: number, state: string): AttemptRow | undefined {
  return tasks
    .filter((task) => task.stage === stage)
    .flatMap((task) => task.attempts)
    .find((attempt) => attempt.state === state);
}
