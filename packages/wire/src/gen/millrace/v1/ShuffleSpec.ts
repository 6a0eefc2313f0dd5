// Original file: millrace/v1/jobs.proto

import type { PairKind as _millrace_v1_PairKind, PairKind__Output as _millrace_v1_PairKind__Output } from '../../millrace/v1/PairKind.ts';

export interface ShuffleSpec {
  /**
   * 0 leaves it to the planner.
   */
  'partitions'?: (number);
  'pairs'?: (_millrace_v1_PairKind);
  'ordered'?: (boolean);
  /**
   * The sample stage that key ranges are made from.
   */
  'ranges'?: (number);
  '_ranges'?: "ranges";
}

export interface ShuffleSpec__Output {
  /**
   * 0 leaves it to the planner.
   */
  'partitions': (number);
  'pairs': (_millrace_v1_PairKind__Output);
  'ordered': (boolean);
  /**
   * The sample stage that key ranges are made from.
   */
  'ranges'?: (number);
  '_ranges'?: "ranges";
}
