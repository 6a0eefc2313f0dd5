// Validates rows that `terasort` wrote: their order, also from one file to the next, and a checksum that is the same for
// the same rows in any order. Shipped as `tera-validate`. No type syntax in a shipped job: its file is run as it stands.

import { teraRecords, textTable } from "@millrace/formats";
import { chain, count, defineJob, fields, first, int, last, object, optional, records, sum, text } from "@millrace/sdk";

// CRC-32 as gensort and zip have it: the polynomial with its bits turned round.
const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte;
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb8_8320 : rest >>> 1;
  return rest;
});

/** A key of characters up to U+00FF, which compare as its bytes do, in hexadecimal. */
function hexOf(key = "") {
  return Array.from(key, (character) => character.charCodeAt(0).toString(16).padStart(2, "0")).join("");
}

/** What a task reads of a file. */
const place = object({ file: text(), offset: int() });
/** What there is to know of it. A checksum is of 32 bits: sums of its halves stay exact for 2^37 rows. */
const summary = object({
  rows: int(),
  crcHigh: int(),
  crcLow: int(),
  first: optional(text()),
  last: optional(text()),
  duplicates: int(),
  unordered: int(),
  example: optional(text()),
});
const summaries = records(object({ key: place, value: summary }));

const pieces = defineJob({
  name: "tera-validate-pieces",
  setup: () => ({ file: "", offset: -1, before: "" }),
  input: teraRecords(),
  key: place,
  map: ({ key, value }, emit, { split, state }) => {
    let crc = -1;
    for (const byte of key) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
    for (const byte of value) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
    crc = ~crc >>> 0;
    const here = String.fromCharCode(...key);
    const { before } = state;
    const isFirst = state.offset !== split.offset || state.file !== split.uri;
    const isUnordered = !isFirst && here < before;
    emit(
      { file: split.uri, offset: split.offset },
      {
        crcHigh: crc >>> 16,
        crcLow: crc & 0xffff,
        first: here,
        last: here,
        duplicates: !isFirst && here === before ? 1 : 0,
        unordered: isUnordered ? 1 : 0,
        example: isUnordered ? `${hexOf(before)} ${hexOf(here)}` : null,
      },
    );
    state.file = split.uri;
    state.offset = split.offset;
    state.before = here;
  },
  reduce: fields({
    rows: count(),
    crcHigh: sum(int()),
    crcLow: sum(int()),
    first: first(text()),
    last: last(text()),
    duplicates: sum(int()),
    unordered: sum(int()),
    example: first(text()),
  }),
  output: summaries,
});

/**
 * Say what the rows are like, as valsort does: rows `name TAB value`. Files are taken in the order of their URIs, which
 * is the order of part files; the first key of each must not come before the last of the one before.
 */
const report = defineJob({
  name: "tera-validate",
  input: summaries,
  value: object({ place, summary }),
  orderBy: place,
  map: ({ key, value }, emit) => emit("", { place: key, summary: value }, key),
  reduces: 1,
  reduce: (_key, values, emit) => {
    let rows = 0;
    let sums = 0n;
    let duplicates = 0;
    let unordered = 0;
    let example = "";
    let before = "";
    for (const { place: at, summary: piece } of values) {
      const begin = piece.first ?? "";
      const isUnordered = begin < before;
      if (rows > 0 && begin === before) duplicates++;
      if (isUnordered) unordered++;
      if (example === "" && isUnordered) example = `${at.file}: ${hexOf(before)} ${hexOf(begin)}`;
      else if (example === "" && piece.example !== null) example = `${at.file}: ${piece.example}`;
      rows += piece.rows;
      sums += BigInt(piece.crcHigh) * 0x1_0000n + BigInt(piece.crcLow);
      duplicates += piece.duplicates;
      unordered += piece.unordered;
      before = piece.last ?? before;
    }
    emit(["records", rows]);
    emit(["checksum", sums.toString(16)]);
    emit(["duplicate keys", duplicates]);
    emit(["unordered records", unordered]);
    if (example !== "") emit(["first unordered", example]);
    emit(["result", unordered === 0 ? "all records are in order" : "records are not in order"]);
  },
  output: textTable(),
});

export default chain(pieces, report);
