// Original file: millrace/v1/jobs.proto

import type { JobSpec as _millrace_v1_JobSpec, JobSpec__Output as _millrace_v1_JobSpec__Output } from '../../millrace/v1/JobSpec.ts';

export interface SubmitHeader {
  'spec'?: (_millrace_v1_JobSpec | null);
  /**
   * Empty for none. The same key with the same job gives the job that was made first.
   */
  'idempotencyKey'?: (string);
}

export interface SubmitHeader__Output {
  'spec': (_millrace_v1_JobSpec__Output | null);
  /**
   * Empty for none. The same key with the same job gives the job that was made first.
   */
  'idempotencyKey': (string);
}
