// The engine's side of the formats, `@millrace/formats/engine`: undoing compression.

export { decompress } from "./compression/decompress.ts";
