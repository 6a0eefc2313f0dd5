// Original file: millrace/v1/jobs.proto

export const PairKind = {
  PAIR_KIND_UNSPECIFIED: 'PAIR_KIND_UNSPECIFIED',
  PAIR_KIND_STATE: 'PAIR_KIND_STATE',
  PAIR_KIND_VALUE: 'PAIR_KIND_VALUE',
} as const;

export type PairKind =
  | 'PAIR_KIND_UNSPECIFIED'
  | 0
  | 'PAIR_KIND_STATE'
  | 1
  | 'PAIR_KIND_VALUE'
  | 2

export type PairKind__Output = typeof PairKind[keyof typeof PairKind]
