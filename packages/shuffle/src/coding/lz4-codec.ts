// LZ4 from the native package `lz4-napi`, which an installation may lack: then nothing is packed on the wire.

import type { BlockCodec } from "@millrace/data";

/** What is used of the package. */
interface Lz4Package {
  readonly compressSync: (data: Buffer) => Buffer;
  readonly uncompressSync: (data: Uint8Array) => Buffer;
}

/** The package puts the length of the content before a block. */
const prefixBytes = 4;

let loading: Promise<BlockCodec | undefined> | undefined;

/** Load the codec, once for the process. @returns undefined where the package is not installed or has no binary for this machine. */
export function loadLz4(): Promise<BlockCodec | undefined> {
  loading ??= import("lz4-napi").then(createLz4, () => undefined);
  return loading;
}

function createLz4({ compressSync, uncompressSync }: Lz4Package): BlockCodec {
  return {
    id: 1,
    name: "lz4",
    compress: (raw) => compressSync(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)),
    decompress: (stored, rawBytes) => {
      // The package allocates what the prefix says: it is looked at first.
      const prefix = new DataView(stored.buffer, stored.byteOffset, stored.byteLength);
      if (stored.byteLength <= prefixBytes || prefix.getUint32(0, true) !== rawBytes)
        throw new Error(`An LZ4 block does not hold ${rawBytes} bytes`);
      const raw = uncompressSync(stored);
      if (raw.length !== rawBytes) throw new Error(`An LZ4 block holds ${raw.length} bytes, not ${rawBytes}`);
      return raw;
    },
  };
}
