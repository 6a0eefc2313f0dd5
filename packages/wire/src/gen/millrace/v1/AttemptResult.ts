// Original file: millrace/v1/task.proto

import type { AttemptRef as _millrace_v1_AttemptRef, AttemptRef__Output as _millrace_v1_AttemptRef__Output } from '../../millrace/v1/AttemptRef.ts';
import type { Consumed as _millrace_v1_Consumed, Consumed__Output as _millrace_v1_Consumed__Output } from '../../millrace/v1/Consumed.ts';
import type { RunSummary as _millrace_v1_RunSummary, RunSummary__Output as _millrace_v1_RunSummary__Output } from '../../millrace/v1/RunSummary.ts';
import type { OutputFile as _millrace_v1_OutputFile, OutputFile__Output as _millrace_v1_OutputFile__Output } from '../../millrace/v1/OutputFile.ts';
import type { NamedCount as _millrace_v1_NamedCount, NamedCount__Output as _millrace_v1_NamedCount__Output } from '../../millrace/v1/NamedCount.ts';
import type { BadRecordSample as _millrace_v1_BadRecordSample, BadRecordSample__Output as _millrace_v1_BadRecordSample__Output } from '../../millrace/v1/BadRecordSample.ts';
import type { AttemptUsage as _millrace_v1_AttemptUsage, AttemptUsage__Output as _millrace_v1_AttemptUsage__Output } from '../../millrace/v1/AttemptUsage.ts';

export interface AttemptResult {
  'attempt'?: (_millrace_v1_AttemptRef | null);
  'consumed'?: (_millrace_v1_Consumed | null);
  'run'?: (_millrace_v1_RunSummary | null);
  'files'?: (_millrace_v1_OutputFile)[];
  'counters'?: (_millrace_v1_NamedCount)[];
  'badRecords'?: (_millrace_v1_BadRecordSample)[];
  'usage'?: (_millrace_v1_AttemptUsage | null);
  /**
   * Beginnings of encoded keys, ascending; of a sample attempt alone.
   */
  'sample'?: (Buffer | Uint8Array | string)[];
}

export interface AttemptResult__Output {
  'attempt': (_millrace_v1_AttemptRef__Output | null);
  'consumed': (_millrace_v1_Consumed__Output | null);
  'run': (_millrace_v1_RunSummary__Output | null);
  'files': (_millrace_v1_OutputFile__Output)[];
  'counters': (_millrace_v1_NamedCount__Output)[];
  'badRecords': (_millrace_v1_BadRecordSample__Output)[];
  'usage': (_millrace_v1_AttemptUsage__Output | null);
  /**
   * Beginnings of encoded keys, ascending; of a sample attempt alone.
   */
  'sample': (Buffer)[];
}
