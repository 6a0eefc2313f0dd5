// Original file: millrace/v1/task.proto

import type { Long } from '@grpc/proto-loader';

/**
 * What each segment of a run file holds, by partition.
 */
export interface SegmentVector {
  'pairs'?: (number | string | Long)[];
  'rawBytes'?: (number | string | Long)[];
  /**
   * 8 bytes for each partition.
   */
  'digests'?: (Buffer | Uint8Array | string);
}

/**
 * What each segment of a run file holds, by partition.
 */
export interface SegmentVector__Output {
  'pairs': (number)[];
  'rawBytes': (number)[];
  /**
   * 8 bytes for each partition.
   */
  'digests': (Buffer);
}
