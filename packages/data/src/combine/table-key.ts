// What a combine table is asked for.

/** A key ready for the table: bytes and the same bytes as words, zero after the key's end up to 16 and to 4 bytes. */
export interface TableKey {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly length: number;
  /** `murmur32` of the bytes, as a signed number. */
  readonly hash: number;
}
