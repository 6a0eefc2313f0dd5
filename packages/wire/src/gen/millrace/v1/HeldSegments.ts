// Original file: millrace/v1/workers.proto

import type { AttemptRef as _millrace_v1_AttemptRef, AttemptRef__Output as _millrace_v1_AttemptRef__Output } from '../../millrace/v1/AttemptRef.ts';

export interface HeldSegments {
  'attempt'?: (_millrace_v1_AttemptRef | null);
  /**
   * 16 bytes.
   */
  'vectorDigest'?: (Buffer | Uint8Array | string);
}

export interface HeldSegments__Output {
  'attempt': (_millrace_v1_AttemptRef__Output | null);
  /**
   * 16 bytes.
   */
  'vectorDigest': (Buffer);
}
