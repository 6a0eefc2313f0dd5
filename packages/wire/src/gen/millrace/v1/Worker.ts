// Original file: millrace/v1/jobs.proto

import type { WorkerState as _millrace_v1_WorkerState, WorkerState__Output as _millrace_v1_WorkerState__Output } from '../../millrace/v1/WorkerState.ts';
import type { Long } from '@grpc/proto-loader';

export interface Worker {
  'worker'?: (string);
  'incarnation'?: (number | string | Long);
  'state'?: (_millrace_v1_WorkerState);
  'host'?: (string);
  'rack'?: (string);
  'slots'?: (number);
  'slotsUsed'?: (number);
  'gathering'?: (number);
  'shuffleAddress'?: (string);
  'freeDiskBytes'?: (number | string | Long);
  'silentMs'?: (number | string | Long);
  'leaseInMs'?: (number | string | Long);
}

export interface Worker__Output {
  'worker': (string);
  'incarnation': (number);
  'state': (_millrace_v1_WorkerState__Output);
  'host': (string);
  'rack': (string);
  'slots': (number);
  'slotsUsed': (number);
  'gathering': (number);
  'shuffleAddress': (string);
  'freeDiskBytes': (number);
  'silentMs': (number);
  'leaseInMs': (number);
}
