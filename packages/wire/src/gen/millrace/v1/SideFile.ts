// Original file: millrace/v1/task.proto

import type { Long } from '@grpc/proto-loader';

/**
 * A file that tasks read whole, named by its content.
 */
export interface SideFile {
  'name'?: (string);
  /**
   * 32 bytes.
   */
  'sha256'?: (Buffer | Uint8Array | string);
  'bytes'?: (number | string | Long);
}

/**
 * A file that tasks read whole, named by its content.
 */
export interface SideFile__Output {
  'name': (string);
  /**
   * 32 bytes.
   */
  'sha256': (Buffer);
  'bytes': (number);
}
