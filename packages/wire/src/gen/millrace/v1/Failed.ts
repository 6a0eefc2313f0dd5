// Original file: millrace/v1/workers.proto

import type { AttemptRef as _millrace_v1_AttemptRef, AttemptRef__Output as _millrace_v1_AttemptRef__Output } from '../../millrace/v1/AttemptRef.ts';
import type { AttemptFailure as _millrace_v1_AttemptFailure, AttemptFailure__Output as _millrace_v1_AttemptFailure__Output } from '../../millrace/v1/AttemptFailure.ts';

export interface Failed {
  'attempt'?: (_millrace_v1_AttemptRef | null);
  'failure'?: (_millrace_v1_AttemptFailure | null);
}

export interface Failed__Output {
  'attempt': (_millrace_v1_AttemptRef__Output | null);
  'failure': (_millrace_v1_AttemptFailure__Output | null);
}
