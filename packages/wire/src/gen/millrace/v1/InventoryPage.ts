// Original file: millrace/v1/workers.proto

import type { AttemptRef as _millrace_v1_AttemptRef, AttemptRef__Output as _millrace_v1_AttemptRef__Output } from '../../millrace/v1/AttemptRef.ts';
import type { HeldSegments as _millrace_v1_HeldSegments, HeldSegments__Output as _millrace_v1_HeldSegments__Output } from '../../millrace/v1/HeldSegments.ts';

/**
 * A part of the inventory. Pages are joined in order.
 */
export interface InventoryPage {
  'running'?: (_millrace_v1_AttemptRef)[];
  'gathering'?: (_millrace_v1_AttemptRef)[];
  'unacknowledged'?: (_millrace_v1_AttemptRef)[];
  'held'?: (_millrace_v1_HeldSegments)[];
  'last'?: (boolean);
}

/**
 * A part of the inventory. Pages are joined in order.
 */
export interface InventoryPage__Output {
  'running': (_millrace_v1_AttemptRef__Output)[];
  'gathering': (_millrace_v1_AttemptRef__Output)[];
  'unacknowledged': (_millrace_v1_AttemptRef__Output)[];
  'held': (_millrace_v1_HeldSegments__Output)[];
  'last': (boolean);
}
