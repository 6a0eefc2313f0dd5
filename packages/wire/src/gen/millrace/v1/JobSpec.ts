// Original file: millrace/v1/jobs.proto

import type { BundleRef as _millrace_v1_BundleRef, BundleRef__Output as _millrace_v1_BundleRef__Output } from '../../millrace/v1/BundleRef.ts';
import type { InputSpec as _millrace_v1_InputSpec, InputSpec__Output as _millrace_v1_InputSpec__Output } from '../../millrace/v1/InputSpec.ts';
import type { StageSpec as _millrace_v1_StageSpec, StageSpec__Output as _millrace_v1_StageSpec__Output } from '../../millrace/v1/StageSpec.ts';
import type { OutputTarget as _millrace_v1_OutputTarget, OutputTarget__Output as _millrace_v1_OutputTarget__Output } from '../../millrace/v1/OutputTarget.ts';
import type { NamedText as _millrace_v1_NamedText, NamedText__Output as _millrace_v1_NamedText__Output } from '../../millrace/v1/NamedText.ts';
import type { JobOptions as _millrace_v1_JobOptions, JobOptions__Output as _millrace_v1_JobOptions__Output } from '../../millrace/v1/JobOptions.ts';
import type { SideFile as _millrace_v1_SideFile, SideFile__Output as _millrace_v1_SideFile__Output } from '../../millrace/v1/SideFile.ts';

export interface JobSpec {
  'name'?: (string);
  'bundle'?: (_millrace_v1_BundleRef | null);
  'dataVersion'?: (number);
  'nodeMajor'?: (number);
  'inputs'?: (_millrace_v1_InputSpec)[];
  'stages'?: (_millrace_v1_StageSpec)[];
  'output'?: (_millrace_v1_OutputTarget | null);
  'params'?: (_millrace_v1_NamedText)[];
  'options'?: (_millrace_v1_JobOptions | null);
  'files'?: (_millrace_v1_SideFile)[];
}

export interface JobSpec__Output {
  'name': (string);
  'bundle': (_millrace_v1_BundleRef__Output | null);
  'dataVersion': (number);
  'nodeMajor': (number);
  'inputs': (_millrace_v1_InputSpec__Output)[];
  'stages': (_millrace_v1_StageSpec__Output)[];
  'output': (_millrace_v1_OutputTarget__Output | null);
  'params': (_millrace_v1_NamedText__Output)[];
  'options': (_millrace_v1_JobOptions__Output | null);
  'files': (_millrace_v1_SideFile__Output)[];
}
