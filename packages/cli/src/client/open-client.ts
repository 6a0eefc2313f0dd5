// The client of a coordinator in another process. gRPC is loaded here and nowhere before.

import type { JobView, TaskView } from "@millrace/core";
import type { Access } from "./endpoint.ts";
import type { JobClient } from "./job-client.ts";

/** Connect to the coordinator of an endpoint file. */
export async function openClient({ address, token }: Access): Promise<JobClient> {
  const { createJobClient } = await import("@millrace/rpc");
  const remote = createJobClient({ address, token });
  return {
    submit: async (spec, payload, key) => remote.submit(spec, payload, key),
    get: async (job) => remote.get(job),
    list: async () => remote.list(),
    watch: async (job: string, onChange: (view: JobView) => void, signal: AbortSignal) =>
      remote.watch(job, onChange, signal),
    kill: async (job, reason) => remote.kill(job, reason),
    events: async (job) =>
      (await remote.events(job)).map(({ index, record }) => ({
        index,
        record: JSON.parse(record) as { kind: string },
      })),
    tasks: async (job, state) => remote.tasks(job, state as TaskView["state"] | undefined),
    log: async (job, attempt) => new TextDecoder().decode(await remote.log(job, attempt)),
    workers: async () => remote.workers(),
    close: async () => remote.close(),
  };
}
