// Original file: millrace/v1/workers.proto

import type { Long } from '@grpc/proto-loader';

export interface WorkerDescription {
  'worker'?: (string);
  'incarnation'?: (number | string | Long);
  'host'?: (string);
  'rack'?: (string);
  'slots'?: (number);
  'shuffleAddress'?: (string);
  'freeDiskBytes'?: (number | string | Long);
  'dataVersions'?: (number)[];
  'nodeMajor'?: (number);
  'protocols'?: (number)[];
}

export interface WorkerDescription__Output {
  'worker': (string);
  'incarnation': (number);
  'host': (string);
  'rack': (string);
  'slots': (number);
  'shuffleAddress': (string);
  'freeDiskBytes': (number);
  'dataVersions': (number)[];
  'nodeMajor': (number);
  'protocols': (number)[];
}
