// Original file: millrace/v1/task.proto

export const StageKind = {
  STAGE_KIND_UNSPECIFIED: 'STAGE_KIND_UNSPECIFIED',
  STAGE_KIND_MAP: 'STAGE_KIND_MAP',
  STAGE_KIND_REDUCE: 'STAGE_KIND_REDUCE',
  STAGE_KIND_SAMPLE: 'STAGE_KIND_SAMPLE',
} as const;

export type StageKind =
  | 'STAGE_KIND_UNSPECIFIED'
  | 0
  | 'STAGE_KIND_MAP'
  | 1
  | 'STAGE_KIND_REDUCE'
  | 2
  | 'STAGE_KIND_SAMPLE'
  | 3

export type StageKind__Output = typeof StageKind[keyof typeof StageKind]
