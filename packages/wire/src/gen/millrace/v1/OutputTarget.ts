// Original file: millrace/v1/jobs.proto


export interface OutputTarget {
  'uri'?: (string);
  'overwrite'?: (boolean);
}

export interface OutputTarget__Output {
  'uri': (string);
  'overwrite': (boolean);
}
