// Original file: millrace/v1/task.proto


export interface NamedText {
  'name'?: (string);
  'value'?: (string);
}

export interface NamedText__Output {
  'name': (string);
  'value': (string);
}
