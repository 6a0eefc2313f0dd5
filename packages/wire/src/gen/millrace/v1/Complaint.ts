// Original file: millrace/v1/workers.proto

import type { AttemptRef as _millrace_v1_AttemptRef, AttemptRef__Output as _millrace_v1_AttemptRef__Output } from '../../millrace/v1/AttemptRef.ts';
import type { ComplaintReason as _millrace_v1_ComplaintReason, ComplaintReason__Output as _millrace_v1_ComplaintReason__Output } from '../../millrace/v1/ComplaintReason.ts';

export interface Complaint {
  'reader'?: (_millrace_v1_AttemptRef | null);
  'source'?: (_millrace_v1_AttemptRef | null);
  'sourceWorker'?: (string);
  'reason'?: (_millrace_v1_ComplaintReason);
}

export interface Complaint__Output {
  'reader': (_millrace_v1_AttemptRef__Output | null);
  'source': (_millrace_v1_AttemptRef__Output | null);
  'sourceWorker': (string);
  'reason': (_millrace_v1_ComplaintReason__Output);
}
