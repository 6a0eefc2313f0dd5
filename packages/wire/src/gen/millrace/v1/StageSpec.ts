// Original file: millrace/v1/jobs.proto

import type { MapStageSpec as _millrace_v1_MapStageSpec, MapStageSpec__Output as _millrace_v1_MapStageSpec__Output } from '../../millrace/v1/MapStageSpec.ts';
import type { ReduceStageSpec as _millrace_v1_ReduceStageSpec, ReduceStageSpec__Output as _millrace_v1_ReduceStageSpec__Output } from '../../millrace/v1/ReduceStageSpec.ts';
import type { SampleStageSpec as _millrace_v1_SampleStageSpec, SampleStageSpec__Output as _millrace_v1_SampleStageSpec__Output } from '../../millrace/v1/SampleStageSpec.ts';

export interface StageSpec {
  'map'?: (_millrace_v1_MapStageSpec | null);
  'reduce'?: (_millrace_v1_ReduceStageSpec | null);
  'sample'?: (_millrace_v1_SampleStageSpec | null);
  'kind'?: "map"|"reduce"|"sample";
}

export interface StageSpec__Output {
  'map'?: (_millrace_v1_MapStageSpec__Output | null);
  'reduce'?: (_millrace_v1_ReduceStageSpec__Output | null);
  'sample'?: (_millrace_v1_SampleStageSpec__Output | null);
  'kind'?: "map"|"reduce"|"sample";
}
