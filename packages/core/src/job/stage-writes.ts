// What a stage of any kind hands on: a sample stage neither shuffles nor writes.

import type { OutputSpec, ShuffleSpec, StageSpec } from "../model/job-spec.ts";

/** Take the shuffle that a stage writes. @returns undefined when it writes none. */
export function shuffleOf(stage: StageSpec | undefined): ShuffleSpec | undefined {
  return stage === undefined || stage.kind === "sample" ? undefined : stage.shuffle;
}

/** List the outputs that a stage may write. */
export function outputsOf(stage: StageSpec | undefined): readonly OutputSpec[] {
  return stage === undefined || stage.kind === "sample" ? [] : stage.outputs;
}
