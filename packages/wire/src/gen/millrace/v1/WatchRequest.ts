// Original file: millrace/v1/jobs.proto

import type { Long } from '@grpc/proto-loader';

export interface WatchRequest {
  'job'?: (string);
  /**
   * Time between two messages at least, the last one excepted.
   */
  'intervalMs'?: (number | string | Long);
}

export interface WatchRequest__Output {
  'job': (string);
  /**
   * Time between two messages at least, the last one excepted.
   */
  'intervalMs': (number);
}
