// Original file: millrace/v1/task.proto


export interface OutputSpec {
  'name'?: (string);
  'extension'?: (string);
}

export interface OutputSpec__Output {
  'name': (string);
  'extension': (string);
}
