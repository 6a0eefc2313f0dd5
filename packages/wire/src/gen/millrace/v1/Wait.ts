// Original file: millrace/v1/jobs.proto

import type { Long } from '@grpc/proto-loader';

export interface Wait {
  'reason'?: (string);
  'text'?: (string);
  'deadlineInMs'?: (number | string | Long);
}

export interface Wait__Output {
  'reason': (string);
  'text': (string);
  'deadlineInMs': (number);
}
