// Original file: millrace/v1/jobs.proto

import type { AttemptState as _millrace_v1_AttemptState, AttemptState__Output as _millrace_v1_AttemptState__Output } from '../../millrace/v1/AttemptState.ts';
import type { AttemptFailure as _millrace_v1_AttemptFailure, AttemptFailure__Output as _millrace_v1_AttemptFailure__Output } from '../../millrace/v1/AttemptFailure.ts';
import type { OutputFile as _millrace_v1_OutputFile, OutputFile__Output as _millrace_v1_OutputFile__Output } from '../../millrace/v1/OutputFile.ts';
import type { Long } from '@grpc/proto-loader';

export interface Attempt {
  'attempt'?: (string);
  'state'?: (_millrace_v1_AttemptState);
  'worker'?: (string);
  'startedMs'?: (number | string | Long);
  'endedMs'?: (number | string | Long);
  'progress'?: (number | string);
  'records'?: (number | string | Long);
  'bytes'?: (number | string | Long);
  'failure'?: (_millrace_v1_AttemptFailure | null);
  'files'?: (_millrace_v1_OutputFile)[];
  'peakRssBytes'?: (number | string | Long);
  'cpuMs'?: (number | string | Long);
  '_endedMs'?: "endedMs";
  '_peakRssBytes'?: "peakRssBytes";
  '_cpuMs'?: "cpuMs";
}

export interface Attempt__Output {
  'attempt': (string);
  'state': (_millrace_v1_AttemptState__Output);
  'worker': (string);
  'startedMs': (number);
  'endedMs'?: (number);
  'progress': (number);
  'records': (number);
  'bytes': (number);
  'failure': (_millrace_v1_AttemptFailure__Output | null);
  'files': (_millrace_v1_OutputFile__Output)[];
  'peakRssBytes'?: (number);
  'cpuMs'?: (number);
  '_endedMs'?: "endedMs";
  '_peakRssBytes'?: "peakRssBytes";
  '_cpuMs'?: "cpuMs";
}
