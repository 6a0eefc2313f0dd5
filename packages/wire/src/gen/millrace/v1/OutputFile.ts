// Original file: millrace/v1/task.proto

import type { Long } from '@grpc/proto-loader';

export interface OutputFile {
  'output'?: (string);
  'path'?: (string);
  'bytes'?: (number | string | Long);
  'records'?: (number | string | Long);
  'crc32'?: (number);
  'firstKey'?: (string);
  'lastKey'?: (string);
  '_firstKey'?: "firstKey";
  '_lastKey'?: "lastKey";
}

export interface OutputFile__Output {
  'output': (string);
  'path': (string);
  'bytes': (number);
  'records': (number);
  'crc32': (number);
  'firstKey'?: (string);
  'lastKey'?: (string);
  '_firstKey'?: "firstKey";
  '_lastKey'?: "lastKey";
}
