// Original file: millrace/v1/jobs.proto

import type { TaskState as _millrace_v1_TaskState, TaskState__Output as _millrace_v1_TaskState__Output } from '../../millrace/v1/TaskState.ts';

export interface TasksRequest {
  'job'?: (string);
  'state'?: (_millrace_v1_TaskState);
  'offset'?: (number);
  /**
   * 0 means as many as a page holds.
   */
  'limit'?: (number);
}

export interface TasksRequest__Output {
  'job': (string);
  'state': (_millrace_v1_TaskState__Output);
  'offset': (number);
  /**
   * 0 means as many as a page holds.
   */
  'limit': (number);
}
