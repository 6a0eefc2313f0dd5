// Original file: millrace/v1/task.proto

import type { ConsumedSplits as _millrace_v1_ConsumedSplits, ConsumedSplits__Output as _millrace_v1_ConsumedSplits__Output } from '../../millrace/v1/ConsumedSplits.ts';
import type { ConsumedSegments as _millrace_v1_ConsumedSegments, ConsumedSegments__Output as _millrace_v1_ConsumedSegments__Output } from '../../millrace/v1/ConsumedSegments.ts';

export interface Consumed {
  'splits'?: (_millrace_v1_ConsumedSplits | null);
  'segments'?: (_millrace_v1_ConsumedSegments | null);
  'kind'?: "splits"|"segments";
}

export interface Consumed__Output {
  'splits'?: (_millrace_v1_ConsumedSplits__Output | null);
  'segments'?: (_millrace_v1_ConsumedSegments__Output | null);
  'kind'?: "splits"|"segments";
}
