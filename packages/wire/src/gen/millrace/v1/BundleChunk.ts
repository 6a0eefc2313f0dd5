// Original file: millrace/v1/workers.proto


export interface BundleChunk {
  'data'?: (Buffer | Uint8Array | string);
}

export interface BundleChunk__Output {
  'data': (Buffer);
}
