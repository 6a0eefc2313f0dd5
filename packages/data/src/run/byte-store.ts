// The files under the data plane, handed in: node:fs in a task host, memory in the simulator. All calls are
// synchronous and throw on failure; whoever implements them loops over short writes and reads.

/** Bytes that can be read at any place. */
export interface ByteSource {
  readonly size: number;
  /** Fill `into` from `offset`. @returns bytes read: fewer than `into.length` only at the end of the file. */
  readAt(offset: number, into: Uint8Array): number;
  close(): void;
}

/** A file being written in order. */
export interface ByteTarget {
  /** Append all of `bytes`; they are the caller's again on return. */
  write(bytes: Uint8Array): void;
  /** The file is whole: close it and give it its name (temporary name before, then a rename). */
  finish(): void;
  /** Close and remove it. */
  discard(): void;
}

/** A directory of run files of one attempt. Names are made by the engine: `[a-z0-9.-]+`. */
export interface RunStore {
  createRun(name: string): ByteTarget;
  openRun(name: string): ByteSource;
  removeRun(name: string): void;
}

/** CRC-32 (zlib's polynomial) of `bytes`, continuing from `previous` (0 at first). */
export type Crc32 = (bytes: Uint8Array, previous?: number) => number;

/** Compress blocks. Handed in, named in each block by `id`. */
export interface BlockCodec {
  /** 1 to 255; 0 stands for raw bytes. 1 is LZ4, 2 is raw deflate (zlib). */
  readonly id: number;
  readonly name: string;
  /** @returns bytes owned by the caller; more than went in is fine, the block is then stored raw. */
  compress(raw: Uint8Array): Uint8Array;
  /** @returns exactly `rawBytes` bytes, or throws; must not allocate more than `rawBytes` for the result. */
  decompress(stored: Uint8Array, rawBytes: number): Uint8Array;
}

/** Functions that the run format uses and does not contain. */
export interface RunTools {
  readonly crc32: Crc32;
  /** Codecs that blocks read may be in. */
  readonly codecs: readonly BlockCodec[];
}
