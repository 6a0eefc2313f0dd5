// Original file: millrace/v1/task.proto

import type { Long } from '@grpc/proto-loader';

export interface BadRecordSample {
  'uri'?: (string);
  'offset'?: (number | string | Long);
  'reason'?: (string);
  'text'?: (string);
}

export interface BadRecordSample__Output {
  'uri': (string);
  'offset': (number);
  'reason': (string);
  'text': (string);
}
