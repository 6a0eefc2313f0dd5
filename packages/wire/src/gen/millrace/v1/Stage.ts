// Original file: millrace/v1/jobs.proto

import type { StageKind as _millrace_v1_StageKind, StageKind__Output as _millrace_v1_StageKind__Output } from '../../millrace/v1/StageKind.ts';
import type { Long } from '@grpc/proto-loader';

export interface Stage {
  'stage'?: (number);
  'kind'?: (_millrace_v1_StageKind);
  'tasks'?: (number);
  'waiting'?: (number);
  'gathering'?: (number);
  'running'?: (number);
  'done'?: (number);
  'failed'?: (number);
  'progress'?: (number | string);
  'bytesIn'?: (number | string | Long);
  'recordsIn'?: (number | string | Long);
  'recordsOut'?: (number | string | Long);
}

export interface Stage__Output {
  'stage': (number);
  'kind': (_millrace_v1_StageKind__Output);
  'tasks': (number);
  'waiting': (number);
  'gathering': (number);
  'running': (number);
  'done': (number);
  'failed': (number);
  'progress': (number);
  'bytesIn': (number);
  'recordsIn': (number);
  'recordsOut': (number);
}
