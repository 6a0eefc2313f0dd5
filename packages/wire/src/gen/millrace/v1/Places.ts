// Original file: millrace/v1/workers.proto

import type { AttemptRef as _millrace_v1_AttemptRef, AttemptRef__Output as _millrace_v1_AttemptRef__Output } from '../../millrace/v1/AttemptRef.ts';
import type { SegmentPlace as _millrace_v1_SegmentPlace, SegmentPlace__Output as _millrace_v1_SegmentPlace__Output } from '../../millrace/v1/SegmentPlace.ts';

export interface Places {
  'attempt'?: (_millrace_v1_AttemptRef | null);
  'places'?: (_millrace_v1_SegmentPlace)[];
}

export interface Places__Output {
  'attempt': (_millrace_v1_AttemptRef__Output | null);
  'places': (_millrace_v1_SegmentPlace__Output)[];
}
