// Original file: millrace/v1/jobs.proto

import type { Splitting as _millrace_v1_Splitting, Splitting__Output as _millrace_v1_Splitting__Output } from '../../millrace/v1/Splitting.ts';
import type { Long } from '@grpc/proto-loader';

export interface InputFormatSpec {
  'name'?: (string);
  'splitting'?: (_millrace_v1_Splitting);
  'numbers'?: (number | string | Long);
  '_numbers'?: "numbers";
}

export interface InputFormatSpec__Output {
  'name': (string);
  'splitting': (_millrace_v1_Splitting__Output);
  'numbers'?: (number);
  '_numbers'?: "numbers";
}
