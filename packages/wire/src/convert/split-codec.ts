// Codec of splits: parts of many small files name long URIs that differ at the end, so each says only what is new.

import type { Split, SplitPart } from "@millrace/core";
import { limits } from "@millrace/core";
import type { Codec } from "../codec/field-codec.ts";
import { integer, list, listOrAbsent, text } from "../codec/field-codec.ts";
import { FieldFault, addName } from "../codec/field-fault.ts";
import { message } from "../codec/message-codec.ts";
import { codecName, label, size, uriCharactersMax } from "./task-fields.ts";

interface PackedPart extends Omit<SplitPart, "uri"> {
  readonly shared: number;
  readonly rest: string;
}

const packedPart = message<PackedPart>({
  shared: integer(0, 4 * uriCharactersMax),
  rest: text(uriCharactersMax),
  offset: size,
  bytes: size,
  fileBytes: size,
  // A file may be older than 1970.
  modifiedMs: integer(Number.MIN_SAFE_INTEGER),
  codec: codecName,
});

const packedParts = list(packedPart, limits.splitPartsMax);

/** Parts with their URIs packed against the part before. */
export const splitParts: Codec<readonly SplitPart[]> = {
  encode: (parts) => packedParts.encode(packParts(parts)),
  decode: (raw) => unpackParts(packedParts.decode(raw)),
};

/** A split, or the first page of one. */
export const split = message<Split>({
  input: integer(0, 0xffff),
  parts: splitParts,
  bytes: size,
  hosts: list(label, 3),
  racks: listOrAbsent(label, 3),
});

function packParts(parts: readonly SplitPart[]): PackedPart[] {
  let before = "";
  return parts.map(({ uri, ...rest }) => {
    const common = commonUnits(before, uri);
    before = uri;
    return { ...rest, shared: Buffer.byteLength(uri.slice(0, common)), rest: uri.slice(common) };
  });
}

/** Count UTF-16 units that two texts share at their beginning, never half a surrogate pair. */
function commonUnits(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  let count = 0;
  while (count < end && a.charCodeAt(count) === b.charCodeAt(count)) count++;
  const last = count === 0 ? 0 : a.charCodeAt(count - 1);
  return last >= 0xd800 && last <= 0xdbff ? count - 1 : count;
}

function unpackParts(parts: readonly PackedPart[]): SplitPart[] {
  let before = Buffer.alloc(0);
  return parts.map(({ shared, rest, ...others }, index) => {
    if (shared > before.length) {
      throw addName(new FieldFault(`shares ${shared} bytes with a URI of ${before.length}`), `[${index}].shared`);
    }
    const uri = before.toString("utf8", 0, shared) + rest;
    if (uri === "" || uri.length > uriCharactersMax) throw addName(new FieldFault("is no URI"), `[${index}].rest`);
    before = Buffer.from(uri);
    return { uri, ...others };
  });
}
