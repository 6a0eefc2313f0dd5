// Original file: millrace/v1/workers.proto

import type { AttemptProgress as _millrace_v1_AttemptProgress, AttemptProgress__Output as _millrace_v1_AttemptProgress__Output } from '../../millrace/v1/AttemptProgress.ts';
import type { Long } from '@grpc/proto-loader';

export interface Heartbeat {
  'progress'?: (_millrace_v1_AttemptProgress)[];
  'freeDiskBytes'?: (number | string | Long);
}

export interface Heartbeat__Output {
  'progress': (_millrace_v1_AttemptProgress__Output)[];
  'freeDiskBytes': (number);
}
