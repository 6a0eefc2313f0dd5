// Original file: millrace/v1/jobs.proto


export interface LogsRequest {
  'job'?: (string);
  /**
   * As `<stage>-<task>.<attempt>`.
   */
  'attempt'?: (string);
}

export interface LogsRequest__Output {
  'job': (string);
  /**
   * As `<stage>-<task>.<attempt>`.
   */
  'attempt': (string);
}
