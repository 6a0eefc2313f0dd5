// Original file: millrace/v1/task.proto

import type { Long } from '@grpc/proto-loader';

export interface FailedRecord {
  'uri'?: (string);
  'offset'?: (number | string | Long);
  'text'?: (string);
}

export interface FailedRecord__Output {
  'uri': (string);
  'offset': (number);
  'text': (string);
}
