// Original file: millrace/v1/task.proto

import type { Long } from '@grpc/proto-loader';

export interface AttemptUsage {
  'durationMs'?: (number | string | Long);
  'cpuMs'?: (number | string | Long);
  'peakRssBytes'?: (number | string | Long);
}

export interface AttemptUsage__Output {
  'durationMs': (number);
  'cpuMs': (number);
  'peakRssBytes': (number);
}
