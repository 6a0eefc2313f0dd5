// Text as UTF-8, ordered by code point (which is the byte order of UTF-8, unlike the order of JavaScript strings).
// Lone surrogates are refused: they have no UTF-8, and all of them would become one key.

import { ByteSink } from "../bytes/byte-sink.ts";
import { readUtf8 } from "../bytes/utf8.ts";
import { readEscaped, writeEscaped } from "./bytes-codec.ts";
import type { KeyCodec } from "./codec.ts";
import { makeKeyCodec, refuseValue } from "./make-codec.ts";

const partSink = new ByteSink(256);

function writeText(value: string, sink: ByteSink): void {
  if (typeof value !== "string") refuseValue("text", value, "no string");
  const units = value.length;
  const before = sink.length;
  sink.writeText(value);
  // As many bytes as units: all ASCII, and nothing to check.
  if (sink.length - before !== units && !value.isWellFormed()) refuseValue("text", value, "a lone surrogate");
}

/** Strings. */
export const textCodec: KeyCodec<string, "text"> = makeKeyCodec("text", {
  encodeTo: writeText,
  decodeFrom: (reader) => {
    const start = reader.at;
    reader.at = reader.end;
    return readUtf8(reader.bytes, start, reader.end);
  },
  encodePart: (value, sink) => {
    partSink.clear();
    writeText(value, partSink);
    writeEscaped(sink, partSink.bytes, 0, partSink.length);
  },
  decodePart: (reader) => {
    const part = readEscaped(reader);
    return readUtf8(part.bytes, part.start, part.end);
  },
});
