// Original file: millrace/v1/jobs.proto

import type { NamedCount as _millrace_v1_NamedCount, NamedCount__Output as _millrace_v1_NamedCount__Output } from '../../millrace/v1/NamedCount.ts';

export interface CountersReply {
  'counters'?: (_millrace_v1_NamedCount)[];
}

export interface CountersReply__Output {
  'counters': (_millrace_v1_NamedCount__Output)[];
}
