// Original file: millrace/v1/workers.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Followed by verdict pages; the last of them says so.
 */
export interface Registered {
  'epoch'?: (number | string | Long);
  'leaseMs'?: (number | string | Long);
  'heartbeatMs'?: (number | string | Long);
}

/**
 * Followed by verdict pages; the last of them says so.
 */
export interface Registered__Output {
  'epoch': (number);
  'leaseMs': (number);
  'heartbeatMs': (number);
}
