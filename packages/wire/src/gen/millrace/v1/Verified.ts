// Original file: millrace/v1/workers.proto

import type { AttemptRef as _millrace_v1_AttemptRef, AttemptRef__Output as _millrace_v1_AttemptRef__Output } from '../../millrace/v1/AttemptRef.ts';

export interface Verified {
  'source'?: (_millrace_v1_AttemptRef | null);
  'intact'?: (boolean);
}

export interface Verified__Output {
  'source': (_millrace_v1_AttemptRef__Output | null);
  'intact': (boolean);
}
