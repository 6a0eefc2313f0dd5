// Original file: millrace/v1/workers.proto

import type { WorkerDescription as _millrace_v1_WorkerDescription, WorkerDescription__Output as _millrace_v1_WorkerDescription__Output } from '../../millrace/v1/WorkerDescription.ts';

/**
 * Followed by inventory pages; the last of them says so.
 */
export interface Register {
  'description'?: (_millrace_v1_WorkerDescription | null);
}

/**
 * Followed by inventory pages; the last of them says so.
 */
export interface Register__Output {
  'description': (_millrace_v1_WorkerDescription__Output | null);
}
