// Original file: millrace/v1/jobs.proto

import type { Worker as _millrace_v1_Worker, Worker__Output as _millrace_v1_Worker__Output } from '../../millrace/v1/Worker.ts';

export interface WorkersReply {
  'workers'?: (_millrace_v1_Worker)[];
}

export interface WorkersReply__Output {
  'workers': (_millrace_v1_Worker__Output)[];
}
