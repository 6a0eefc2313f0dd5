// Original file: millrace/v1/jobs.proto

import type { InputGrowth as _millrace_v1_InputGrowth, InputGrowth__Output as _millrace_v1_InputGrowth__Output } from '../../millrace/v1/InputGrowth.ts';
import type { PartFileOptions as _millrace_v1_PartFileOptions, PartFileOptions__Output as _millrace_v1_PartFileOptions__Output } from '../../millrace/v1/PartFileOptions.ts';
import type { Long } from '@grpc/proto-loader';

export interface JobOptions {
  'priority'?: (number);
  /**
   * 0 leaves it to the planner.
   */
  'splitBytes'?: (number | string | Long);
  'badRecordsMax'?: (number | string);
  'taskTimeoutMs'?: (number | string | Long);
  'attemptsMax'?: (number);
  'inputGrowth'?: (_millrace_v1_InputGrowth);
  'partFiles'?: (_millrace_v1_PartFileOptions | null);
}

export interface JobOptions__Output {
  'priority': (number);
  /**
   * 0 leaves it to the planner.
   */
  'splitBytes': (number);
  'badRecordsMax': (number);
  'taskTimeoutMs': (number);
  'attemptsMax': (number);
  'inputGrowth': (_millrace_v1_InputGrowth__Output);
  'partFiles': (_millrace_v1_PartFileOptions__Output | null);
}
