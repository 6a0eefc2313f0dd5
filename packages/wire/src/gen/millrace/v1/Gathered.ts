// Original file: millrace/v1/workers.proto

import type { AttemptRef as _millrace_v1_AttemptRef, AttemptRef__Output as _millrace_v1_AttemptRef__Output } from '../../millrace/v1/AttemptRef.ts';
import type { Long } from '@grpc/proto-loader';

export interface Gathered {
  'attempt'?: (_millrace_v1_AttemptRef | null);
  'bytes'?: (number | string | Long);
}

export interface Gathered__Output {
  'attempt': (_millrace_v1_AttemptRef__Output | null);
  'bytes': (number);
}
