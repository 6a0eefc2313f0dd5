// Original file: millrace/v1/jobs.proto

import type { SubmitHeader as _millrace_v1_SubmitHeader, SubmitHeader__Output as _millrace_v1_SubmitHeader__Output } from '../../millrace/v1/SubmitHeader.ts';

export interface SubmitRequest {
  'header'?: (_millrace_v1_SubmitHeader | null);
  'chunk'?: (Buffer | Uint8Array | string);
  'kind'?: "header"|"chunk";
}

export interface SubmitRequest__Output {
  'header'?: (_millrace_v1_SubmitHeader__Output | null);
  'chunk'?: (Buffer);
  'kind'?: "header"|"chunk";
}
