// Check sums and codecs of run files with Node's own zlib.

import { crc32, deflateRawSync, inflateRawSync } from "node:zlib";
import type { BlockCodec, RunTools } from "@millrace/data";

/** Raw deflate: where the network is the limit and no faster codec is at hand. */
export const deflateCodec: BlockCodec = {
  id: 2,
  name: "deflate",
  compress: (raw) => deflateRawSync(raw, { level: 1 }),
  decompress: (stored, rawBytes) => inflateRawSync(stored, { maxOutputLength: Math.max(1, rawBytes) }),
};

/** What the run format needs, from Node. */
export const nodeRunTools: RunTools = { crc32: (bytes, previous) => crc32(bytes, previous), codecs: [deflateCodec] };
