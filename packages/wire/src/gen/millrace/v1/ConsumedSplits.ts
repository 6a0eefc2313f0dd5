// Original file: millrace/v1/task.proto

import type { OwnedRange as _millrace_v1_OwnedRange, OwnedRange__Output as _millrace_v1_OwnedRange__Output } from '../../millrace/v1/OwnedRange.ts';
import type { Long } from '@grpc/proto-loader';

export interface ConsumedSplits {
  'ranges'?: (_millrace_v1_OwnedRange)[];
  'records'?: (number | string | Long);
  'badRecords'?: (number | string | Long);
  'bytes'?: (number | string | Long);
}

export interface ConsumedSplits__Output {
  'ranges': (_millrace_v1_OwnedRange__Output)[];
  'records': (number);
  'badRecords': (number);
  'bytes': (number);
}
