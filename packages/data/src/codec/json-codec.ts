// JSON text as a value. It has no useful order, so it is no key. What JSON would change without a word is refused.

import { readUtf8 } from "../bytes/utf8.ts";
import type { Codec } from "./codec.ts";
import { makeCodec, refuseValue } from "./make-codec.ts";

function toJson(value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value) as string | undefined;
  } catch (thrown) {
    return refuseValue("json", value, thrown instanceof Error ? thrown.message.split("\n", 1)[0]! : "no JSON");
  }
  if (text === undefined) return refuseValue("json", value, "no JSON");
  // NaN, infinities and holes all become `null`: only a text with that word needs a closer look.
  if (text.includes("null")) refuseChanged(value, value);
  return text;
}

function refuseChanged(value: unknown, whole: unknown): void {
  if (typeof value === "number" && !Number.isFinite(value)) refuseValue("json", whole, `${value} has no JSON`);
  if (Array.isArray(value)) {
    for (const item of value as readonly unknown[]) {
      if (item === undefined || typeof item === "function" || typeof item === "symbol")
        refuseValue("json", whole, "an array item has no JSON");
      refuseChanged(item, whole);
    }
  } else if (typeof value === "object" && value !== null && !("toJSON" in value)) {
    for (const item of Object.values(value)) refuseChanged(item, whole);
  }
}

/**
 * Values as JSON text. NaN, infinities and what has no JSON are refused; −0 becomes 0. The type is a promise of the
 * caller: nothing checks it on reading.
 */
export function jsonCodec<T>(): Codec<T, "json"> {
  return makeCodec<T, "json">("json", {
    encodeTo: (value, sink) => sink.writeText(toJson(value)),
    decodeFrom: (reader) => {
      const start = reader.at;
      reader.at = reader.end;
      return JSON.parse(readUtf8(reader.bytes, start, reader.end)) as T;
    },
  });
}
