// Original file: millrace/v1/task.proto

import type { SplitPart as _millrace_v1_SplitPart, SplitPart__Output as _millrace_v1_SplitPart__Output } from '../../millrace/v1/SplitPart.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * The work of one map task. A large one is followed by SplitPage messages.
 */
export interface Split {
  'input'?: (number);
  'parts'?: (_millrace_v1_SplitPart)[];
  'bytes'?: (number | string | Long);
  'hosts'?: (string)[];
  /**
   * Racks of these hosts, in their order, or none.
   */
  'racks'?: (string)[];
}

/**
 * The work of one map task. A large one is followed by SplitPage messages.
 */
export interface Split__Output {
  'input': (number);
  'parts': (_millrace_v1_SplitPart__Output)[];
  'bytes': (number);
  'hosts': (string)[];
  /**
   * Racks of these hosts, in their order, or none.
   */
  'racks': (string)[];
}
