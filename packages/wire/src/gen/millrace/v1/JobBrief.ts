// Original file: millrace/v1/workers.proto

import type { NamedText as _millrace_v1_NamedText, NamedText__Output as _millrace_v1_NamedText__Output } from '../../millrace/v1/NamedText.ts';
import type { InputGrowth as _millrace_v1_InputGrowth, InputGrowth__Output as _millrace_v1_InputGrowth__Output } from '../../millrace/v1/InputGrowth.ts';
import type { StageBrief as _millrace_v1_StageBrief, StageBrief__Output as _millrace_v1_StageBrief__Output } from '../../millrace/v1/StageBrief.ts';
import type { SideFile as _millrace_v1_SideFile, SideFile__Output as _millrace_v1_SideFile__Output } from '../../millrace/v1/SideFile.ts';
import type { PartFileOptions as _millrace_v1_PartFileOptions, PartFileOptions__Output as _millrace_v1_PartFileOptions__Output } from '../../millrace/v1/PartFileOptions.ts';
import type { Long } from '@grpc/proto-loader';

export interface JobBrief {
  'job'?: (string);
  'name'?: (string);
  /**
   * 32 bytes.
   */
  'bundleSha256'?: (Buffer | Uint8Array | string);
  'params'?: (_millrace_v1_NamedText)[];
  /**
   * Secret: never logged.
   */
  'shuffleKey'?: (Buffer | Uint8Array | string);
  'taskTimeoutMs'?: (number | string | Long);
  'inputGrowth'?: (_millrace_v1_InputGrowth);
  'seed'?: (string);
  'stages'?: (_millrace_v1_StageBrief)[];
  'stagingUri'?: (string);
  'files'?: (_millrace_v1_SideFile)[];
  'partFiles'?: (_millrace_v1_PartFileOptions | null);
  /**
   * Delegation tokens by cluster. Secret: never logged.
   */
  'storageTokens'?: (_millrace_v1_NamedText)[];
}

export interface JobBrief__Output {
  'job': (string);
  'name': (string);
  /**
   * 32 bytes.
   */
  'bundleSha256': (Buffer);
  'params': (_millrace_v1_NamedText__Output)[];
  /**
   * Secret: never logged.
   */
  'shuffleKey': (Buffer);
  'taskTimeoutMs': (number);
  'inputGrowth': (_millrace_v1_InputGrowth__Output);
  'seed': (string);
  'stages': (_millrace_v1_StageBrief__Output)[];
  'stagingUri': (string);
  'files': (_millrace_v1_SideFile__Output)[];
  'partFiles': (_millrace_v1_PartFileOptions__Output | null);
  /**
   * Delegation tokens by cluster. Secret: never logged.
   */
  'storageTokens': (_millrace_v1_NamedText__Output)[];
}
