// The engine's side of the formats, `@millrace/formats/engine`: finding and undoing compression.

export { decompress } from "./compression/decompress.ts";
export { codecHeadBytes, detectCodec } from "./compression/detect-codec.ts";
