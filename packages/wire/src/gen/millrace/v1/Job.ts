// Original file: millrace/v1/jobs.proto

import type { JobSummary as _millrace_v1_JobSummary, JobSummary__Output as _millrace_v1_JobSummary__Output } from '../../millrace/v1/JobSummary.ts';
import type { Stage as _millrace_v1_Stage, Stage__Output as _millrace_v1_Stage__Output } from '../../millrace/v1/Stage.ts';
import type { NamedCount as _millrace_v1_NamedCount, NamedCount__Output as _millrace_v1_NamedCount__Output } from '../../millrace/v1/NamedCount.ts';
import type { BadRecordSample as _millrace_v1_BadRecordSample, BadRecordSample__Output as _millrace_v1_BadRecordSample__Output } from '../../millrace/v1/BadRecordSample.ts';
import type { Wait as _millrace_v1_Wait, Wait__Output as _millrace_v1_Wait__Output } from '../../millrace/v1/Wait.ts';
import type { OutputTotal as _millrace_v1_OutputTotal, OutputTotal__Output as _millrace_v1_OutputTotal__Output } from '../../millrace/v1/OutputTotal.ts';
import type { Long } from '@grpc/proto-loader';

export interface Job {
  'summary'?: (_millrace_v1_JobSummary | null);
  'inputFiles'?: (number | string | Long);
  'inputBytes'?: (number | string | Long);
  'skippedFiles'?: (number | string | Long);
  'planHash'?: (string);
  'stages'?: (_millrace_v1_Stage)[];
  'counters'?: (_millrace_v1_NamedCount)[];
  'badRecords'?: (_millrace_v1_BadRecordSample)[];
  'waits'?: (_millrace_v1_Wait)[];
  'parts'?: (number | string | Long);
  'outputBytes'?: (number | string | Long);
  'outputRecords'?: (number | string | Long);
  'outputs'?: (_millrace_v1_OutputTotal)[];
  '_parts'?: "parts";
  '_outputBytes'?: "outputBytes";
  '_outputRecords'?: "outputRecords";
}

export interface Job__Output {
  'summary': (_millrace_v1_JobSummary__Output | null);
  'inputFiles': (number);
  'inputBytes': (number);
  'skippedFiles': (number);
  'planHash': (string);
  'stages': (_millrace_v1_Stage__Output)[];
  'counters': (_millrace_v1_NamedCount__Output)[];
  'badRecords': (_millrace_v1_BadRecordSample__Output)[];
  'waits': (_millrace_v1_Wait__Output)[];
  'parts'?: (number);
  'outputBytes'?: (number);
  'outputRecords'?: (number);
  'outputs': (_millrace_v1_OutputTotal__Output)[];
  '_parts'?: "parts";
  '_outputBytes'?: "outputBytes";
  '_outputRecords'?: "outputRecords";
}
