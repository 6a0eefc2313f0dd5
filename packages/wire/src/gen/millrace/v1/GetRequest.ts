// Original file: millrace/v1/jobs.proto


export interface GetRequest {
  'job'?: (string);
}

export interface GetRequest__Output {
  'job': (string);
}
