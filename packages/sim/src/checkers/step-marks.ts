// Tells from a coordinator's events and records which rare places a run has reached.

import type { CoordinatorEvent, JobId, JobRecord, StepResult } from "@millrace/core";
import type { Simulation } from "../simulation.ts";
import type { JobLedger } from "./job-ledger.ts";

/** Note the rare places of one step. */
export function markStep(
  world: Simulation,
  event: CoordinatorEvent,
  result: StepResult,
  ledgers: ReadonlyMap<JobId, JobLedger>,
): void {
  for (const { job, record } of result.jobRecords) markRecord(world, record, ledgers.get(job));
  if (event.kind === "worker-message") markMessage(world, event, result);
}

function markRecord(world: Simulation, record: JobRecord, ledger: JobLedger | undefined): void {
  const { marks } = world;
  if (record.kind === "supplied") marks.hit("supplied");
  if (record.kind === "reset") marks.hit("reset");
  if (record.kind === "segments-lost") marks.hit("segments-lost");
  if (record.kind === "ended" && record.outcome === "lost") marks.hit("attempt-lost");
  const failedSample =
    record.kind === "ended" && record.outcome === "failed" && ledger?.stages[record.attempt.stage]?.kind === "sample";
  if (failedSample) marks.hit("sample-failed");
  if (record.kind === "avoided") marks.hit("worker-avoided");
  if (record.kind === "resumed") marks.hit("attempt-resumed");
  if (record.kind === "ended-job") markEnd(world, record, ledger);
}

function markEnd(
  world: Simulation,
  record: Extract<JobRecord, { kind: "ended-job" }>,
  ledger: JobLedger | undefined,
): void {
  const { marks } = world;
  if (record.failure?.code === "E_NONDETERMINISTIC") marks.hit("nondeterministic");
  if (record.outcome === "killed") marks.hit("killed-job");
  if (record.outcome !== "succeeded" && ledger?.spec?.output.overwrite === true) marks.hit("overwrite-failed");
  if (record.outcome !== "succeeded") return;
  marks.hit("succeeded");
  const spec = ledger?.spec;
  const kinds = spec?.stages.map(({ kind }) => kind) ?? [];
  const reduces = kinds.filter((kind) => kind === "reduce").length;
  if (reduces === 2) marks.hit("chained-job");
  if (reduces === 0) marks.hit("map-only");
  if (kinds.includes("sample")) marks.hit("key-ranges");
  if (spec?.inputs[0]?.format.splitting === "numbers") marks.hit("numbers");
  if ((spec?.inputs.length ?? 0) > 1) marks.hit("two-inputs");
  const sides = spec?.stages.filter(
    (stage) => stage.kind !== "sample" && stage.outputs.some(({ name }) => name === "side"),
  );
  if ((sides?.length ?? 0) > 1) marks.hit("shared-output");
  if (spec?.output.overwrite === true) marks.hit("overwrite");
  if (ledger?.stages.every(({ kind, tasks }) => kind === "reduce" || tasks === 0) === true) marks.hit("zero-inputs");
}

function markMessage(
  world: Simulation,
  event: Extract<CoordinatorEvent, { kind: "worker-message" }>,
  result: StepResult,
): void {
  const { message } = event;
  const { marks } = world;
  if (
    message.kind === "finished" &&
    result.jobRecords.length === 0 &&
    result.effects.some((effect) => effect.kind === "send" && effect.message.kind === "acknowledge")
  ) {
    marks.hit("stale-result-refused");
  }
  if (message.kind === "register") {
    const answer = result.effects.find((effect) => effect.kind === "send" && effect.message.kind === "registered");
    const kept =
      answer?.kind === "send" && answer.message.kind === "registered" && answer.message.held.includes("keep");
    if (kept) marks.hit("returned-with-inventory");
  }
}
