// Original file: millrace/v1/jobs.proto

export const TaskState = {
  TASK_STATE_UNSPECIFIED: 'TASK_STATE_UNSPECIFIED',
  TASK_STATE_WAITING: 'TASK_STATE_WAITING',
  TASK_STATE_GATHERING: 'TASK_STATE_GATHERING',
  TASK_STATE_RUNNING: 'TASK_STATE_RUNNING',
  TASK_STATE_DONE: 'TASK_STATE_DONE',
  TASK_STATE_FAILED: 'TASK_STATE_FAILED',
} as const;

export type TaskState =
  | 'TASK_STATE_UNSPECIFIED'
  | 0
  | 'TASK_STATE_WAITING'
  | 1
  | 'TASK_STATE_GATHERING'
  | 2
  | 'TASK_STATE_RUNNING'
  | 3
  | 'TASK_STATE_DONE'
  | 4
  | 'TASK_STATE_FAILED'
  | 5

export type TaskState__Output = typeof TaskState[keyof typeof TaskState]
