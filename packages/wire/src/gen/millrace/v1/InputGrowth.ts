// Original file: millrace/v1/task.proto

export const InputGrowth = {
  INPUT_GROWTH_UNSPECIFIED: 'INPUT_GROWTH_UNSPECIFIED',
  INPUT_GROWTH_REFUSE: 'INPUT_GROWTH_REFUSE',
  INPUT_GROWTH_PREFIX: 'INPUT_GROWTH_PREFIX',
} as const;

export type InputGrowth =
  | 'INPUT_GROWTH_UNSPECIFIED'
  | 0
  | 'INPUT_GROWTH_REFUSE'
  | 1
  | 'INPUT_GROWTH_PREFIX'
  | 2

export type InputGrowth__Output = typeof InputGrowth[keyof typeof InputGrowth]
