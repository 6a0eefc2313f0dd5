// Original file: millrace/v1/task.proto


/**
 * One try of a task.
 */
export interface AttemptRef {
  'job'?: (string);
  'stage'?: (number);
  'task'?: (number);
  'attempt'?: (number);
}

/**
 * One try of a task.
 */
export interface AttemptRef__Output {
  'job': (string);
  'stage': (number);
  'task': (number);
  'attempt': (number);
}
