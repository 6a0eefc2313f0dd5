// Original file: millrace/v1/workers.proto

import type { AttemptRef as _millrace_v1_AttemptRef, AttemptRef__Output as _millrace_v1_AttemptRef__Output } from '../../millrace/v1/AttemptRef.ts';

export interface PlacesLost {
  'attempt'?: (_millrace_v1_AttemptRef | null);
  'tasks'?: (number)[];
}

export interface PlacesLost__Output {
  'attempt': (_millrace_v1_AttemptRef__Output | null);
  'tasks': (number)[];
}
