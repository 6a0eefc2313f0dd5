// The engine's side of the formats, `@millrace/formats/engine`: undoing compression.

export { Bzip2Source } from "./compression/bzip2/bzip2-source.ts";
export { decompress } from "./compression/decompress.ts";
