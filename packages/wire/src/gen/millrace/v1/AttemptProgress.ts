// Original file: millrace/v1/task.proto

import type { AttemptRef as _millrace_v1_AttemptRef, AttemptRef__Output as _millrace_v1_AttemptRef__Output } from '../../millrace/v1/AttemptRef.ts';
import type { AttemptPhase as _millrace_v1_AttemptPhase, AttemptPhase__Output as _millrace_v1_AttemptPhase__Output } from '../../millrace/v1/AttemptPhase.ts';
import type { Long } from '@grpc/proto-loader';

export interface AttemptProgress {
  'attempt'?: (_millrace_v1_AttemptRef | null);
  'phase'?: (_millrace_v1_AttemptPhase);
  'fraction'?: (number | string);
  'records'?: (number | string | Long);
  'bytes'?: (number | string | Long);
}

export interface AttemptProgress__Output {
  'attempt': (_millrace_v1_AttemptRef__Output | null);
  'phase': (_millrace_v1_AttemptPhase__Output);
  'fraction': (number);
  'records': (number);
  'bytes': (number);
}
