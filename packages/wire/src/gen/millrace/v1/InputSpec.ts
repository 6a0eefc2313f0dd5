// Original file: millrace/v1/jobs.proto

import type { InputFormatSpec as _millrace_v1_InputFormatSpec, InputFormatSpec__Output as _millrace_v1_InputFormatSpec__Output } from '../../millrace/v1/InputFormatSpec.ts';

export interface InputSpec {
  'patterns'?: (string)[];
  'format'?: (_millrace_v1_InputFormatSpec | null);
  'name'?: (string);
  '_name'?: "name";
}

export interface InputSpec__Output {
  'patterns': (string)[];
  'format': (_millrace_v1_InputFormatSpec__Output | null);
  'name'?: (string);
  '_name'?: "name";
}
