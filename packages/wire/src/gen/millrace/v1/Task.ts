// Original file: millrace/v1/jobs.proto

import type { TaskState as _millrace_v1_TaskState, TaskState__Output as _millrace_v1_TaskState__Output } from '../../millrace/v1/TaskState.ts';
import type { Attempt as _millrace_v1_Attempt, Attempt__Output as _millrace_v1_Attempt__Output } from '../../millrace/v1/Attempt.ts';
import type { Wait as _millrace_v1_Wait, Wait__Output as _millrace_v1_Wait__Output } from '../../millrace/v1/Wait.ts';

export interface Task {
  'stage'?: (number);
  'task'?: (number);
  'state'?: (_millrace_v1_TaskState);
  'attempts'?: (_millrace_v1_Attempt)[];
  'wait'?: (_millrace_v1_Wait | null);
}

export interface Task__Output {
  'stage': (number);
  'task': (number);
  'state': (_millrace_v1_TaskState__Output);
  'attempts': (_millrace_v1_Attempt__Output)[];
  'wait': (_millrace_v1_Wait__Output | null);
}
