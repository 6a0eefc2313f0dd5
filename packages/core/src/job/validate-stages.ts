// Whether a job's stages form one way of the data: each input is read, each shuffle is read exactly once by a later
// stage, each output has its own name.

import { quote } from "../errors/millrace-error.ts";
import { limits } from "../limits.ts";
import type { JobSpec, ShuffleSpec, StageSpec } from "../model/job-spec.ts";
import { inRange } from "./spec-problem.ts";
import type { ReportProblem } from "./spec-problem.ts";
import { outputsOf, shuffleOf } from "./stage-writes.ts";

const outputNamePattern = /^(?:|[a-z0-9-]{1,64})$/;
/** Names of the main output's files, when it has no extension: a folder of that name would be in their way. */
const partPattern = /^part-[mr]-\d{5}$/;
const extensionPattern = /^(?:|[a-z0-9]{1,16}(?:\.[a-z0-9]{1,16})?)$/;

/** Report what is wrong with the stages of a spec and how they fit its inputs. */
export function validateStages(spec: JobSpec, report: ReportProblem): void {
  const { stages, inputs } = spec;
  if (stages.length < 1 || stages.length > limits.stagesMax)
    report(`it has ${stages.length} stages`, `give it 1 to ${limits.stagesMax}`);
  if (inputs.length < 1) report("it has no input", "name at least one");
  stages.forEach((stage, index) => {
    validateStage(stage, index, report);
    if (stage.kind === "map") validateMapInputs(stage.inputs, index, inputs.length, report);
    else if (stage.kind === "reduce") validateReads(stages, stage.reads, index, report);
    validateRanges(stages, index, report);
  });
  stages.forEach((stage, index) => {
    const readers = stages.filter((reader) => reader.kind === "reduce" && reader.reads === index).length;
    if (shuffleOf(stage) !== undefined && readers !== 1)
      report(`the shuffle of stage ${index} is read by ${readers} stages`, "let exactly one reduce stage read it");
  });
  inputs.forEach((_, index) => {
    if (!stages.some((stage) => stage.kind === "map" && stage.inputs.includes(index)))
      report(`input ${index} is read by no stage`, "remove it, or let a map stage read it");
  });
  validateOutputs(stages, report);
}

function validateStage(stage: StageSpec, index: number, report: ReportProblem): void {
  if (stage.kind === "sample") return;
  if (stage.shuffle === undefined && stage.outputs.length === 0)
    report(`stage ${index} writes nothing`, "give it a shuffle or an output");
  if (stage.shuffle !== undefined) validateShuffle(stage.shuffle, index, report);
}

function validateShuffle(shuffle: ShuffleSpec, index: number, report: ReportProblem): void {
  const { partitions, pairs } = shuffle;
  if (partitions !== "auto" && !inRange(partitions, 1, limits.reducesMax))
    report(`the reduces of stage ${index} are ${partitions}`, `give a whole number from 1 to ${limits.reducesMax}`);
  if (pairs !== "state" && pairs !== "value") report(`stage ${index} hands on ${quote(pairs)}`, "use state or value");
}

function validateMapInputs(indexes: readonly number[], stage: number, inputs: number, report: ReportProblem): void {
  if (indexes.length === 0) report(`map stage ${stage} reads no input`, "let it read at least one");
  if (new Set(indexes).size < indexes.length) report(`map stage ${stage} reads an input twice`, "name each once");
  for (const index of indexes)
    if (!inRange(index, 0, inputs - 1))
      report(`map stage ${stage} reads input ${index} of ${inputs}`, "name one that is there");
}

function validateReads(stages: readonly StageSpec[], reads: number, index: number, report: ReportProblem): void {
  if (!inRange(reads, 0, index - 1)) report(`reduce stage ${index} reads stage ${reads}`, "let it read an earlier one");
  else if (shuffleOf(stages[reads]) === undefined)
    report(`reduce stage ${index} reads stage ${reads}, which writes no shuffle`, "give that stage a shuffle");
}

/** Samples and key ranges go together one to one: each names the other, the sample first. */
function validateRanges(stages: readonly StageSpec[], index: number, report: ReportProblem): void {
  const stage = stages[index];
  if (stage?.kind === "sample") {
    const mapped = stages[stage.of];
    if (stage.of <= index || mapped?.kind !== "map")
      report(`sample stage ${index} is for stage ${stage.of}`, "let it be for a later map stage");
    else if (mapped.shuffle?.ranges !== index)
      report(`sample stage ${index} is for stage ${stage.of}, which has no ranges of it`, "let the shuffle name it");
  }
  const ranges = shuffleOf(stage)?.ranges;
  if (ranges === undefined) return;
  const sample = stages[ranges];
  if (stage?.kind !== "map")
    report(`reduce stage ${index} hands on key ranges`, "use them after a map stage, or let it have one reduce task");
  else if (ranges >= index || sample?.kind !== "sample" || sample.of !== index)
    report(`map stage ${index} has key ranges of stage ${ranges}`, "name the sample stage that is for it");
}

/** One stage writes the main output; a named one may have several writers, of one format. */
function validateOutputs(stages: readonly StageSpec[], report: ReportProblem): void {
  const extensions = new Map<string, string>();
  for (const [index, stage] of stages.entries()) {
    const own = new Set<string>();
    for (const { name, extension } of outputsOf(stage)) {
      if (!outputNamePattern.test(name))
        report(`an output has the name ${quote(name)}`, "use 1 to 64 of a-z, 0-9 and dash");
      if (partPattern.test(name))
        report(`an output is called ${quote(name)}, as part files are`, "call it differently");
      if (!extensionPattern.test(extension))
        report(`an output has the extension ${quote(extension)}`, "use a-z and 0-9, such as jsonl");
      const other = extensions.get(name);
      if (own.has(name) || (name === "" && other !== undefined))
        report(`two outputs have the name ${quote(name)}`, "give each its own");
      else if (other !== undefined && other !== extension)
        report(
          `stage ${index} writes ${quote(extension)} to the output ${quote(name)}, an earlier one ${quote(other)}`,
          "use one format for each output",
        );
      own.add(name);
      if (other === undefined) extensions.set(name, extension);
    }
  }
  if (extensions.size > limits.outputsMax)
    report(
      `it has ${extensions.size} outputs`,
      `write to at most ${limits.outputsMax}, and tell records apart in them`,
    );
}
