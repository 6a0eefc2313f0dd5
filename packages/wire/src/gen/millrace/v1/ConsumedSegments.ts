// Original file: millrace/v1/task.proto

import type { Long } from '@grpc/proto-loader';

export interface ConsumedSegments {
  'maps'?: (number);
  'pairs'?: (number | string | Long);
  'rawBytes'?: (number | string | Long);
  /**
   * 8 bytes.
   */
  'digest'?: (Buffer | Uint8Array | string);
}

export interface ConsumedSegments__Output {
  'maps': (number);
  'pairs': (number);
  'rawBytes': (number);
  /**
   * 8 bytes.
   */
  'digest': (Buffer);
}
