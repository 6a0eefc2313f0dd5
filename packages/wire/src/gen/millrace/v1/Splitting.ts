// Original file: millrace/v1/jobs.proto

export const Splitting = {
  SPLITTING_UNSPECIFIED: 'SPLITTING_UNSPECIFIED',
  SPLITTING_NONE: 'SPLITTING_NONE',
  SPLITTING_DELIMITER: 'SPLITTING_DELIMITER',
  SPLITTING_SYNC_MARK: 'SPLITTING_SYNC_MARK',
  SPLITTING_NUMBERS: 'SPLITTING_NUMBERS',
  /**
   * As DELIMITER, but only files that are not compressed.
   */
  SPLITTING_PLAIN: 'SPLITTING_PLAIN',
} as const;

export type Splitting =
  | 'SPLITTING_UNSPECIFIED'
  | 0
  | 'SPLITTING_NONE'
  | 1
  | 'SPLITTING_DELIMITER'
  | 2
  | 'SPLITTING_SYNC_MARK'
  | 3
  | 'SPLITTING_NUMBERS'
  | 4
  /**
   * As DELIMITER, but only files that are not compressed.
   */
  | 'SPLITTING_PLAIN'
  | 5

export type Splitting__Output = typeof Splitting[keyof typeof Splitting]
