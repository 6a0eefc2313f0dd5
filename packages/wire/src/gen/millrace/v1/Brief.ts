// Original file: millrace/v1/workers.proto

import type { JobBrief as _millrace_v1_JobBrief, JobBrief__Output as _millrace_v1_JobBrief__Output } from '../../millrace/v1/JobBrief.ts';

export interface Brief {
  'brief'?: (_millrace_v1_JobBrief | null);
}

export interface Brief__Output {
  'brief': (_millrace_v1_JobBrief__Output | null);
}
