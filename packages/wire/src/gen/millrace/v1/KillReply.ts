// Original file: millrace/v1/jobs.proto


export interface KillReply {
  'job'?: (string);
}

export interface KillReply__Output {
  'job': (string);
}
