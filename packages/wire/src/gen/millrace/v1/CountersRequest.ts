// Original file: millrace/v1/jobs.proto


export interface CountersRequest {
  'job'?: (string);
}

export interface CountersRequest__Output {
  'job': (string);
}
