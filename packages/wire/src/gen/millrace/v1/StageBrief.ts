// Original file: millrace/v1/workers.proto

import type { StageKind as _millrace_v1_StageKind, StageKind__Output as _millrace_v1_StageKind__Output } from '../../millrace/v1/StageKind.ts';
import type { OutputSpec as _millrace_v1_OutputSpec, OutputSpec__Output as _millrace_v1_OutputSpec__Output } from '../../millrace/v1/OutputSpec.ts';

export interface StageBrief {
  'kind'?: (_millrace_v1_StageKind);
  'tasks'?: (number);
  'partitions'?: (number);
  /**
   * The stage that is read, plus 1; 0 for none.
   */
  'readsPlusOne'?: (number);
  'outputs'?: (_millrace_v1_OutputSpec)[];
}

export interface StageBrief__Output {
  'kind': (_millrace_v1_StageKind__Output);
  'tasks': (number);
  'partitions': (number);
  /**
   * The stage that is read, plus 1; 0 for none.
   */
  'readsPlusOne': (number);
  'outputs': (_millrace_v1_OutputSpec__Output)[];
}
