// Original file: millrace/v1/workers.proto

import type { AttemptRef as _millrace_v1_AttemptRef, AttemptRef__Output as _millrace_v1_AttemptRef__Output } from '../../millrace/v1/AttemptRef.ts';

export interface Gather {
  'attempt'?: (_millrace_v1_AttemptRef | null);
  'maps'?: (number);
}

export interface Gather__Output {
  'attempt': (_millrace_v1_AttemptRef__Output | null);
  'maps': (number);
}
