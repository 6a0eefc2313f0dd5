// Original file: millrace/v1/workers.proto

import type { AttemptResult as _millrace_v1_AttemptResult, AttemptResult__Output as _millrace_v1_AttemptResult__Output } from '../../millrace/v1/AttemptResult.ts';
import type { SegmentVector as _millrace_v1_SegmentVector, SegmentVector__Output as _millrace_v1_SegmentVector__Output } from '../../millrace/v1/SegmentVector.ts';

export interface Finished {
  'result'?: (_millrace_v1_AttemptResult | null);
  /**
   * Present exactly when the result has a run.
   */
  'vector'?: (_millrace_v1_SegmentVector | null);
}

export interface Finished__Output {
  'result': (_millrace_v1_AttemptResult__Output | null);
  /**
   * Present exactly when the result has a run.
   */
  'vector': (_millrace_v1_SegmentVector__Output | null);
}
