// Original file: millrace/v1/workers.proto

import type { AttemptRef as _millrace_v1_AttemptRef, AttemptRef__Output as _millrace_v1_AttemptRef__Output } from '../../millrace/v1/AttemptRef.ts';
import type { Split as _millrace_v1_Split, Split__Output as _millrace_v1_Split__Output } from '../../millrace/v1/Split.ts';

export interface LaunchSample {
  'attempt'?: (_millrace_v1_AttemptRef | null);
  'split'?: (_millrace_v1_Split | null);
  /**
   * Whether split pages follow; the last of them says so.
   */
  'more'?: (boolean);
  'keysMax'?: (number);
}

export interface LaunchSample__Output {
  'attempt': (_millrace_v1_AttemptRef__Output | null);
  'split': (_millrace_v1_Split__Output | null);
  /**
   * Whether split pages follow; the last of them says so.
   */
  'more': (boolean);
  'keysMax': (number);
}
