// Original file: millrace/v1/jobs.proto

import type { Long } from '@grpc/proto-loader';

/**
 * What was published of one output; the name is empty for the main one.
 */
export interface OutputTotal {
  'name'?: (string);
  'parts'?: (number | string | Long);
  'bytes'?: (number | string | Long);
  'records'?: (number | string | Long);
}

/**
 * What was published of one output; the name is empty for the main one.
 */
export interface OutputTotal__Output {
  'name': (string);
  'parts': (number);
  'bytes': (number);
  'records': (number);
}
