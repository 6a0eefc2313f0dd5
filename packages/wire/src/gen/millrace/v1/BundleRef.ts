// Original file: millrace/v1/jobs.proto

import type { Long } from '@grpc/proto-loader';

export interface BundleRef {
  /**
   * 32 bytes.
   */
  'sha256'?: (Buffer | Uint8Array | string);
  'bytes'?: (number | string | Long);
}

export interface BundleRef__Output {
  /**
   * 32 bytes.
   */
  'sha256': (Buffer);
  'bytes': (number);
}
