// Original file: millrace/v1/jobs.proto

import type { Long } from '@grpc/proto-loader';

export interface Event {
  'index'?: (number | string | Long);
  'kind'?: (string);
  /**
   * The journal's record as JSON.
   */
  'record'?: (string);
}

export interface Event__Output {
  'index': (number);
  'kind': (string);
  /**
   * The journal's record as JSON.
   */
  'record': (string);
}
