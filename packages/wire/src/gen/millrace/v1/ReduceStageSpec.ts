// Original file: millrace/v1/jobs.proto

import type { ShuffleSpec as _millrace_v1_ShuffleSpec, ShuffleSpec__Output as _millrace_v1_ShuffleSpec__Output } from '../../millrace/v1/ShuffleSpec.ts';
import type { OutputSpec as _millrace_v1_OutputSpec, OutputSpec__Output as _millrace_v1_OutputSpec__Output } from '../../millrace/v1/OutputSpec.ts';

export interface ReduceStageSpec {
  'reads'?: (number);
  'shuffle'?: (_millrace_v1_ShuffleSpec | null);
  'outputs'?: (_millrace_v1_OutputSpec)[];
}

export interface ReduceStageSpec__Output {
  'reads': (number);
  'shuffle': (_millrace_v1_ShuffleSpec__Output | null);
  'outputs': (_millrace_v1_OutputSpec__Output)[];
}
