// Original file: millrace/v1/workers.proto


/**
 * Key ranges of a map stage's shuffle.
 */
export interface Ranges {
  'job'?: (string);
  'stage'?: (number);
  /**
   * Beginnings of encoded keys, ascending.
   */
  'cuts'?: (Buffer | Uint8Array | string)[];
}

/**
 * Key ranges of a map stage's shuffle.
 */
export interface Ranges__Output {
  'job': (string);
  'stage': (number);
  /**
   * Beginnings of encoded keys, ascending.
   */
  'cuts': (Buffer)[];
}
