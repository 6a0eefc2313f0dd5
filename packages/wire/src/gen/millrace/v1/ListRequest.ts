// Original file: millrace/v1/jobs.proto


export interface ListRequest {
  /**
   * Position in the list, newest first.
   */
  'offset'?: (number);
  /**
   * 0 means as many as a page holds.
   */
  'limit'?: (number);
}

export interface ListRequest__Output {
  /**
   * Position in the list, newest first.
   */
  'offset': (number);
  /**
   * 0 means as many as a page holds.
   */
  'limit': (number);
}
