// Original file: millrace/v1/jobs.proto


/**
 * Looks at keys of a later map stage before it runs.
 */
export interface SampleStageSpec {
  'of'?: (number);
}

/**
 * Looks at keys of a later map stage before it runs.
 */
export interface SampleStageSpec__Output {
  'of': (number);
}
