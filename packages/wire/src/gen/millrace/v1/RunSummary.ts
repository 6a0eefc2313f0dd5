// Original file: millrace/v1/task.proto

import type { Long } from '@grpc/proto-loader';

export interface RunSummary {
  'partitions'?: (number);
  'storedBytes'?: (number | string | Long);
  'pairs'?: (number | string | Long);
  'rawBytes'?: (number | string | Long);
  /**
   * 16 bytes.
   */
  'vectorDigest'?: (Buffer | Uint8Array | string);
}

export interface RunSummary__Output {
  'partitions': (number);
  'storedBytes': (number);
  'pairs': (number);
  'rawBytes': (number);
  /**
   * 16 bytes.
   */
  'vectorDigest': (Buffer);
}
