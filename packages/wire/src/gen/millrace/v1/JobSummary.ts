// Original file: millrace/v1/jobs.proto

import type { JobState as _millrace_v1_JobState, JobState__Output as _millrace_v1_JobState__Output } from '../../millrace/v1/JobState.ts';
import type { AttemptFailure as _millrace_v1_AttemptFailure, AttemptFailure__Output as _millrace_v1_AttemptFailure__Output } from '../../millrace/v1/AttemptFailure.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Times are wall-clock ms since 1970, for people only.
 */
export interface JobSummary {
  'job'?: (string);
  'name'?: (string);
  'state'?: (_millrace_v1_JobState);
  'priority'?: (number);
  'submittedMs'?: (number | string | Long);
  'endedMs'?: (number | string | Long);
  'outputUri'?: (string);
  'progress'?: (number | string);
  'tasks'?: (number);
  'tasksDone'?: (number);
  'attemptsRunning'?: (number);
  'attemptsFailed'?: (number);
  'attemptsLost'?: (number);
  'failure'?: (_millrace_v1_AttemptFailure | null);
  '_endedMs'?: "endedMs";
}

/**
 * Times are wall-clock ms since 1970, for people only.
 */
export interface JobSummary__Output {
  'job': (string);
  'name': (string);
  'state': (_millrace_v1_JobState__Output);
  'priority': (number);
  'submittedMs': (number);
  'endedMs'?: (number);
  'outputUri': (string);
  'progress': (number);
  'tasks': (number);
  'tasksDone': (number);
  'attemptsRunning': (number);
  'attemptsFailed': (number);
  'attemptsLost': (number);
  'failure': (_millrace_v1_AttemptFailure__Output | null);
  '_endedMs'?: "endedMs";
}
