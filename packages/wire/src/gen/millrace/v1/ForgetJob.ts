// Original file: millrace/v1/workers.proto


export interface ForgetJob {
  'job'?: (string);
}

export interface ForgetJob__Output {
  'job': (string);
}
