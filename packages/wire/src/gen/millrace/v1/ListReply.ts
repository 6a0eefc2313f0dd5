// Original file: millrace/v1/jobs.proto

import type { JobSummary as _millrace_v1_JobSummary, JobSummary__Output as _millrace_v1_JobSummary__Output } from '../../millrace/v1/JobSummary.ts';

export interface ListReply {
  /**
   * Fewer than were asked for where these are more than a message takes: ask on behind the last, up to `total`.
   */
  'jobs'?: (_millrace_v1_JobSummary)[];
  'total'?: (number);
}

export interface ListReply__Output {
  /**
   * Fewer than were asked for where these are more than a message takes: ask on behind the last, up to `total`.
   */
  'jobs': (_millrace_v1_JobSummary__Output)[];
  'total': (number);
}
