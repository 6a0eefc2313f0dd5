// What a coordinator's driver looks up for its machine: vectors in side files, the brief of a job. No decision.

import { findTask, jobBrief } from "@millrace/core";
import type {
  CoordinatorEffect,
  CoordinatorEvent,
  CoordinatorMachine,
  CoordinatorMessage,
  JobId,
} from "@millrace/core";
import type { StateDirectory } from "../disk/state-directory.ts";

/** Add the accepted attempt's vector to a result of a task that has one. */
export function acceptedVectorOf(
  machine: CoordinatorMachine,
  directory: StateDirectory,
  event: CoordinatorEvent,
): CoordinatorEvent {
  if (event.kind !== "worker-message" || event.message.kind !== "finished") return event;
  const { job, stage, task } = event.message.result.attempt;
  const state = machine.jobState(job);
  const at = (state === undefined ? undefined : findTask(state, stage, task))?.accepted?.result.vectorAt ?? -1;
  const vector = at < 0 ? undefined : directory.jobs.get(job)?.vectors[at];
  return vector === undefined ? event : { ...event, acceptedVector: vector };
}

/** Make a job's brief; undefined for a job that is gone. Nobody checks the secret here. */
export function makeBrief(machine: CoordinatorMachine, job: JobId): CoordinatorMessage | undefined {
  const state = machine.jobState(job);
  const brief = state === undefined ? undefined : jobBrief(state);
  return brief === undefined ? undefined : { kind: "brief", brief: { ...brief, shuffleKey: "00" } };
}

/** Make a page of places: each with what the accepted vector says of the reader's partition. */
export function makePlaces(
  directory: StateDirectory,
  effect: Extract<CoordinatorEffect, { kind: "send-places" }>,
): CoordinatorMessage {
  const { attempt } = effect;
  const places = effect.places.map(({ task, attempt: source, worker, address, vectorAt }) => {
    const vector = directory.jobs.get(attempt.job)?.vectors[vectorAt];
    const digest = vector?.digests[attempt.task];
    if (vector === undefined || digest === undefined)
      throw new Error(`Cannot send places: vector ${vectorAt} of ${attempt.job} is not there`);
    return {
      task,
      attempt: source,
      worker,
      address,
      pairs: vector.pairs[attempt.task] ?? 0,
      rawBytes: vector.rawBytes[attempt.task] ?? 0,
      digest,
    };
  });
  return { kind: "places", attempt, places };
}
