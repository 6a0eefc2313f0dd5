// Killing a job: at any time before its commit begins, also while it is still being looked at; never after.

import { quote } from "../errors/millrace-error.ts";
import type { CoordinatorEvent } from "../model/coordinator-events.ts";
import { endJob } from "./end-job.ts";
import { refuseSubmission } from "./submission.ts";
import type { Turn } from "./turn.ts";

type Kill = Extract<CoordinatorEvent, { kind: "kill-job" }>;

/** Answer a request to kill. Killing twice is fine. */
export function killJob(turn: Turn, event: Kill): void {
  const { job, reason, request } = event;
  const accept = (): void => turn.effect({ kind: "reply", request, reply: { kind: "kill-accepted", job } });
  const refuse = (code: string, why: string): void =>
    turn.effect({
      kind: "reply",
      request,
      reply: { kind: "refused", code, message: `Cannot kill ${quote(job)}: ${why}` },
    });
  if (!turn.reign.begun) return refuse("E_BUSY", "the coordinator is starting; try again in a moment");
  const submission = turn.reign.submissions.get(job);
  if (submission !== undefined) {
    refuseSubmission(turn, submission, {
      code: "E_CANCELLED",
      message: `Cannot submit ${quote(submission.spec.name)}: it was killed (${reason}) before it was accepted; submit again`,
    });
    return accept();
  }
  const outcome = turn.reign.cluster.jobs.get(job)?.outcome;
  if (outcome === "killed") return accept();
  if (outcome !== undefined) return refuse("E_JOB_INVALID", `it has ${outcome} already; nothing is left to kill`);
  const run = turn.reign.jobs.get(job);
  if (run === undefined) return refuse("E_UNKNOWN_JOB", "there is no such job; see `millrace job list`");
  if (run.state.phase === "committing" || run.state.phase === "published")
    return refuse("E_JOB_INVALID", "its output is being published, which cannot be undone; wait for its end");
  turn.recordJob(run, { kind: "kill-requested", reason, wallMs: turn.wallMs });
  endJob(turn, run, {
    outcome: "killed",
    failure: { code: "E_KILLED", message: `Job ${quote(run.state.spec.name)} was killed: ${reason}` },
  });
  accept();
}
