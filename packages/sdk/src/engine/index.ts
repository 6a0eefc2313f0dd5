// The engine's side of the SDK, `@millrace/sdk/engine`: for hosts, the command line and makers of formats. Not for authors.

export { type ExtractedSpec, type SpecOptions, extractSpec, specOf } from "../job/extract-spec.ts";
export { createJob, isJob, jobProgram } from "../job/job.ts";
export {
  type MapStep,
  type NamedWriters,
  type ParamValues,
  type ReduceRun,
  type StepContext,
  type StepEmit,
  type StepMapContext,
  combinePairs,
} from "../program/user-functions.ts";
export { BatchCaller, type BatchMap } from "../program/batch-map.ts";
export type { BatchPlan, PairsChoice, RowsChoice } from "../program/batch-plan.ts";
export type { JoinedTextsPlan, LinesChoice, ReducePlan } from "../program/reduce-plan.ts";
export type { RowLayout } from "../format/row-layout.ts";
export type {
  InputProgram,
  JobProgram,
  MapStageProgram,
  Operator,
  OutputProgram,
  PartProgram,
  ReduceProgram,
  ReduceStageProgram,
  SampleStageProgram,
  ShuffleProgram,
  Sink,
  StageProgram,
} from "../program/job-program.ts";
export { parseParams } from "../param/parse-params.ts";
export {
  type InputFormat,
  type OutputFormat,
  type RecordReader,
  type RecordReaderOptions,
  type RecordWriter,
  badRecord,
  createFormat,
  createInput,
  createOutput,
  inputFormatOf,
  noRecord,
  outputFormatOf,
} from "../format/format.ts";
export { checkProperties } from "../job/definition-checks.ts";
export { kindOf } from "../job/kind-of.ts";
export type { Fixed } from "../job/infer.ts";
export { checkReturned } from "./check-returned.ts";
export { EmitGate, type UserFunctionName } from "./emit-gate.ts";
export { seededRandom } from "./seeded-random.ts";
export { type TableOptions, columnsOfWire, createTable } from "../expression/table.ts";
export { withoutOptions } from "../codec/compound.ts";
