// Original file: millrace/v1/workers.proto


export interface FetchBundleRequest {
  'job'?: (string);
  /**
   * 32 bytes.
   */
  'sha256'?: (Buffer | Uint8Array | string);
}

export interface FetchBundleRequest__Output {
  'job': (string);
  /**
   * 32 bytes.
   */
  'sha256': (Buffer);
}
