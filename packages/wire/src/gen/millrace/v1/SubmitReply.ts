// Original file: millrace/v1/jobs.proto


export interface SubmitReply {
  'job'?: (string);
  'again'?: (boolean);
}

export interface SubmitReply__Output {
  'job': (string);
  'again': (boolean);
}
