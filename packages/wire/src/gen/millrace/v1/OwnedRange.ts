// Original file: millrace/v1/task.proto

import type { Long } from '@grpc/proto-loader';

export interface OwnedRange {
  'uri'?: (string);
  'begin'?: (number | string | Long);
  'end'?: (number | string | Long);
}

export interface OwnedRange__Output {
  'uri': (string);
  'begin': (number);
  'end': (number);
}
