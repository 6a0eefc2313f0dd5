// Extended attributes: bytes, which travel as hexadecimal digits after `0x`.
import type { XAttrs } from "../operations/operation-groups.ts";
import type { Reply } from "./reply.ts";

/** Write a value for `xattr.value`. */
export function encodeXAttr(value: Uint8Array | string): string {
  return `0x${Buffer.from(value).toString("hex")}`;
}

function decode(text: string): Uint8Array {
  if (text.startsWith("0x") || text.startsWith("0X")) return new Uint8Array(Buffer.from(text.slice(2), "hex"));
  if (text.startsWith("0s") || text.startsWith("0S")) return new Uint8Array(Buffer.from(text.slice(2), "base64"));
  return new Uint8Array(Buffer.from(text.replace(/^"(?<inner>[\s\S]*)"$/u, "$<inner>"), "utf8"));
}

/** Read `{"XAttrs":[{"name","value"}]}`. */
export function readXAttrs(reply: Reply): XAttrs {
  const found = reply
    .get("XAttrs")
    .items()
    .map((entry) => [entry.get("name").string(), decode(entry.find("value")?.string() ?? "")] as const);
  return Object.fromEntries(found);
}

/** Read `{"XAttrNames":"[\"a\",\"b\"]"}`: JSON in JSON. */
export function readXAttrNames(reply: Reply): readonly string[] {
  const text = reply.get("XAttrNames").string();
  return (JSON.parse(text) as unknown[]).map(String);
}
