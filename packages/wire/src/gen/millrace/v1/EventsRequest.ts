// Original file: millrace/v1/jobs.proto

import type { Long } from '@grpc/proto-loader';

export interface EventsRequest {
  'job'?: (string);
  /**
   * Index of the first event that is wanted.
   */
  'from'?: (number | string | Long);
  'follow'?: (boolean);
}

export interface EventsRequest__Output {
  'job': (string);
  /**
   * Index of the first event that is wanted.
   */
  'from': (number);
  'follow': (boolean);
}
