// Original file: millrace/v1/workers.proto

import type { Long } from '@grpc/proto-loader';

export interface SegmentPlace {
  'task'?: (number);
  'attempt'?: (number);
  'worker'?: (string);
  'address'?: (string);
  'pairs'?: (number | string | Long);
  'rawBytes'?: (number | string | Long);
  /**
   * 8 bytes.
   */
  'digest'?: (Buffer | Uint8Array | string);
}

export interface SegmentPlace__Output {
  'task': (number);
  'attempt': (number);
  'worker': (string);
  'address': (string);
  'pairs': (number);
  'rawBytes': (number);
  /**
   * 8 bytes.
   */
  'digest': (Buffer);
}
