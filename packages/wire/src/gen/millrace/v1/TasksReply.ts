// Original file: millrace/v1/jobs.proto

import type { Task as _millrace_v1_Task, Task__Output as _millrace_v1_Task__Output } from '../../millrace/v1/Task.ts';

export interface TasksReply {
  /**
   * Fewer than were asked for where these are more than a message takes: ask on behind the last, up to `total`.
   */
  'tasks'?: (_millrace_v1_Task)[];
  'total'?: (number);
}

export interface TasksReply__Output {
  /**
   * Fewer than were asked for where these are more than a message takes: ask on behind the last, up to `total`.
   */
  'tasks': (_millrace_v1_Task__Output)[];
  'total': (number);
}
