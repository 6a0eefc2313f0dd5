// Original file: millrace/v1/task.proto

import type { FailedRecord as _millrace_v1_FailedRecord, FailedRecord__Output as _millrace_v1_FailedRecord__Output } from '../../millrace/v1/FailedRecord.ts';

export interface AttemptFailure {
  /**
   * A code of docs/errors.md.
   */
  'code'?: (string);
  'message'?: (string);
  'record'?: (_millrace_v1_FailedRecord | null);
}

export interface AttemptFailure__Output {
  /**
   * A code of docs/errors.md.
   */
  'code': (string);
  'message': (string);
  'record': (_millrace_v1_FailedRecord__Output | null);
}
