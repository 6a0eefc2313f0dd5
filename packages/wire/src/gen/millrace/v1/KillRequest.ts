// Original file: millrace/v1/jobs.proto


export interface KillRequest {
  'job'?: (string);
  'reason'?: (string);
}

export interface KillRequest__Output {
  'job': (string);
  'reason': (string);
}
