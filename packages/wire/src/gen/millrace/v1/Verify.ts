// Original file: millrace/v1/workers.proto

import type { AttemptRef as _millrace_v1_AttemptRef, AttemptRef__Output as _millrace_v1_AttemptRef__Output } from '../../millrace/v1/AttemptRef.ts';

export interface Verify {
  'source'?: (_millrace_v1_AttemptRef | null);
}

export interface Verify__Output {
  'source': (_millrace_v1_AttemptRef__Output | null);
}
