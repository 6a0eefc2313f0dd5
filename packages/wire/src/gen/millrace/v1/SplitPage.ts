// Original file: millrace/v1/workers.proto

import type { SplitPart as _millrace_v1_SplitPart, SplitPart__Output as _millrace_v1_SplitPart__Output } from '../../millrace/v1/SplitPart.ts';

/**
 * More parts of the split that was begun last.
 */
export interface SplitPage {
  'parts'?: (_millrace_v1_SplitPart)[];
  'last'?: (boolean);
}

/**
 * More parts of the split that was begun last.
 */
export interface SplitPage__Output {
  'parts': (_millrace_v1_SplitPart__Output)[];
  'last': (boolean);
}
