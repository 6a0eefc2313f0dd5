// What a coordinator's driver looks up for its machine: vectors in side files, the brief of a job. No decision.

import { findTask } from "@millrace/core";
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

/** Make a job's brief; undefined for a job that is gone. */
export function makeBrief(machine: CoordinatorMachine, job: JobId): CoordinatorMessage | undefined {
  const state = machine.jobState(job);
  if (state === undefined) return undefined;
  const { spec } = state;
  return {
    kind: "brief",
    brief: {
      job,
      name: spec.name,
      bundleSha256: spec.bundle.sha256,
      params: spec.params,
      shuffleKey: "00",
      taskTimeoutMs: spec.options.taskTimeoutMs,
      inputGrowth: spec.options.inputGrowth,
      seed: state.totals?.hash ?? "",
      stages: state.stages.map(({ plan }, index) => ({
        kind: plan.kind,
        tasks: plan.tasks,
        partitions: plan.partitions,
        reads: plan.reads,
        outputs: spec.stages[index]?.outputs ?? [],
      })),
      stagingUri: state.stagingUri,
    },
  };
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
