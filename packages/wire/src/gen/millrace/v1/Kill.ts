// Original file: millrace/v1/workers.proto

import type { AttemptRef as _millrace_v1_AttemptRef, AttemptRef__Output as _millrace_v1_AttemptRef__Output } from '../../millrace/v1/AttemptRef.ts';

export interface Kill {
  'attempt'?: (_millrace_v1_AttemptRef | null);
  'reason'?: (string);
}

export interface Kill__Output {
  'attempt': (_millrace_v1_AttemptRef__Output | null);
  'reason': (string);
}
