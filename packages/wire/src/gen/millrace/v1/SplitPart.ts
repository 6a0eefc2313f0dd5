// Original file: millrace/v1/task.proto

import type { Codec as _millrace_v1_Codec, Codec__Output as _millrace_v1_Codec__Output } from '../../millrace/v1/Codec.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A byte range of one file, with what the file must still look like.
 */
export interface SplitPart {
  /**
   * Bytes of UTF-8 that the URI shares with the one of the part before, in the same message.
   */
  'shared'?: (number);
  /**
   * The rest of the URI.
   */
  'rest'?: (string);
  'offset'?: (number | string | Long);
  'bytes'?: (number | string | Long);
  'fileBytes'?: (number | string | Long);
  /**
   * Milliseconds since 1970 as storage reported them: compared for equality, never with a clock.
   */
  'modifiedMs'?: (number | string | Long);
  'codec'?: (_millrace_v1_Codec);
}

/**
 * A byte range of one file, with what the file must still look like.
 */
export interface SplitPart__Output {
  /**
   * Bytes of UTF-8 that the URI shares with the one of the part before, in the same message.
   */
  'shared': (number);
  /**
   * The rest of the URI.
   */
  'rest': (string);
  'offset': (number);
  'bytes': (number);
  'fileBytes': (number);
  /**
   * Milliseconds since 1970 as storage reported them: compared for equality, never with a clock.
   */
  'modifiedMs': (number);
  'codec': (_millrace_v1_Codec__Output);
}
