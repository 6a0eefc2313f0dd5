// Original file: millrace/v1/jobs.proto

import type { Splitting as _millrace_v1_Splitting, Splitting__Output as _millrace_v1_Splitting__Output } from '../../millrace/v1/Splitting.ts';

export interface InputFormatSpec {
  'name'?: (string);
  'splitting'?: (_millrace_v1_Splitting);
}

export interface InputFormatSpec__Output {
  'name': (string);
  'splitting': (_millrace_v1_Splitting__Output);
}
