// Original file: millrace/v1/workers.proto

import type { Verdict as _millrace_v1_Verdict, Verdict__Output as _millrace_v1_Verdict__Output } from '../../millrace/v1/Verdict.ts';

/**
 * A part of the verdicts, in the order of the inventory. Pages are joined in order.
 */
export interface VerdictPage {
  'running'?: (_millrace_v1_Verdict)[];
  'gathering'?: (_millrace_v1_Verdict)[];
  'held'?: (_millrace_v1_Verdict)[];
  'last'?: (boolean);
}

/**
 * A part of the verdicts, in the order of the inventory. Pages are joined in order.
 */
export interface VerdictPage__Output {
  'running': (_millrace_v1_Verdict__Output)[];
  'gathering': (_millrace_v1_Verdict__Output)[];
  'held': (_millrace_v1_Verdict__Output)[];
  'last': (boolean);
}
