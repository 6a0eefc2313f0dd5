// How records and blocks lie in a SequenceFile. Whatever the compression, a record is handed on as its length, the length
// of its key, key and value, which is how they lie in a file without blocks.

import { limits } from "@millrace/core";
import type { SyncMarkBlock, SyncMarkFile, SyncMarkItem, SyncMarkLayout } from "@millrace/sdk";
import { type SequenceCodec, unpackBuffer } from "./sequence-codec.ts";
import { readSequenceHeader, syncBytes } from "./sequence-header.ts";
import { readVariableInt, variableIntBytes } from "./variable-int.ts";

/** Length of a record and of its key. */
export const recordHeadBytes = 8;
/** Before each mark, where else a record's length stands. */
export const syncEscapeBytes = 4;
/** What a block may unpack to. Hadoop cuts blocks at 1 MB of content and at most one record more. */
const blockContentBytesMax = 2 * limits.recordBytesMax;

/** The layout of SequenceFiles. */
export const sequenceLayout: SyncMarkLayout = {
  open: (head, isWhole) => {
    const header = readSequenceHeader(head);
    if ("needs" in header && isWhole) return { fault: "it is cut off" };
    if ("needs" in header || "fault" in header) return header;
    const mark = new Uint8Array(syncEscapeBytes + syncBytes).fill(0xff, 0, syncEscapeBytes);
    mark.set(header.sync, syncEscapeBytes);
    const { bytes: headerBytes, codec } = header;
    const file: SyncMarkFile =
      header.compression === "block" && codec !== undefined
        ? { headerBytes, mark, cutItem: "fault", take: (bytes, at, item) => takeBlock(codec, bytes, at, item) }
        : { headerBytes, mark, cutItem: "record", take: takeRecord };
    return file;
  },
};

function takeRecord(bytes: Uint8Array, at: number, item: SyncMarkItem): void {
  if (at + recordHeadBytes > bytes.length) return short(item, recordHeadBytes);
  const length = readInt(bytes, at);
  if (length === -1) return fault(item, "a sync mark is not the one of the header");
  if (length < 0) return fault(item, `a record is said to have ${length} bytes`);
  const keyLength = readInt(bytes, at + 4);
  if (keyLength < 0 || keyLength > length)
    return fault(item, `a key is said to have ${keyLength} of the ${length} bytes of its record`);
  if (at + recordHeadBytes + length > bytes.length) return short(item, recordHeadBytes + length);
  item.kind = "record";
  item.bytes = recordHeadBytes + length;
}

function takeBlock(codec: SequenceCodec, bytes: Uint8Array, at: number, item: SyncMarkItem): void {
  if (!item.afterMark) return fault(item, "there is no sync mark before a block");
  const cursor = new BlockCursor(bytes, at);
  const count = cursor.length();
  const parts = [cursor.part(), cursor.part(), cursor.part(), cursor.part()] as const;
  if (cursor.fault !== undefined) return fault(item, cursor.fault);
  if (cursor.at > bytes.length) return short(item, cursor.at - at);
  const block = unpackBlock(codec, count, parts);
  if (typeof block === "string") return fault(item, block);
  item.kind = "block";
  item.bytes = cursor.at - at;
  item.block = block;
}

/** Key lengths, keys, value lengths, values. */
type BlockParts = readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array];

function unpackBlock(codec: SequenceCodec, count: number, parts: BlockParts): SyncMarkBlock | string {
  const contents: Uint8Array[] = [];
  let left = blockContentBytesMax;
  for (const part of parts) {
    const content = unpackBuffer(codec, part, left);
    if (typeof content === "string") return `a block of ${codec} data is damaged (${content})`;
    left -= content.length;
    contents.push(content);
  }
  const [keyLengths, keys, valueLengths, values] = contents as unknown as BlockParts;
  return joinRecords({ lengths: keyLengths, content: keys }, { lengths: valueLengths, content: values }, count);
}

/** Lengths of variable size, and what they are the lengths of, one after the other. */
interface Column {
  readonly lengths: Uint8Array;
  readonly content: Uint8Array;
}

function joinRecords(keys: Column, values: Column, count: number): SyncMarkBlock | string {
  if (count > keys.lengths.length) return `a block is said to have ${count} records`;
  const bytes = new Uint8Array(keys.content.length + values.content.length + recordHeadBytes * count);
  const view = new DataView(bytes.buffer);
  const offsets = new Int32Array(2 * count);
  const [key, value] = [new ColumnCursor(keys), new ColumnCursor(values)];
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (!key.next() || !value.next()) return "the lengths in a block do not fit its records";
    offsets[2 * index] = at;
    view.setInt32(at, key.bytes + value.bytes);
    view.setInt32(at + 4, key.bytes);
    at += recordHeadBytes;
    at = value.copyTo(bytes, key.copyTo(bytes, at));
    offsets[2 * index + 1] = at;
  }
  if (!key.isAtEnd || !value.isAtEnd) return "the lengths in a block do not fit its records";
  return { bytes, offsets, count };
}

class ColumnCursor {
  readonly #column: Column;
  #lengthAt = 0;
  #at = 0;
  bytes = 0;

  constructor(column: Column) {
    this.#column = column;
  }

  /** Go to the next value. @returns false where there is none. */
  next(): boolean {
    const { lengths, content } = this.#column;
    this.#at += this.bytes;
    this.bytes = 0;
    if (this.#lengthAt >= lengths.length) return false;
    const size = variableIntBytes(lengths[this.#lengthAt] ?? 0);
    if (this.#lengthAt + size > lengths.length) return false;
    const length = readVariableInt(lengths, this.#lengthAt);
    this.#lengthAt += size;
    if (length < 0 || length > content.length - this.#at) return false;
    this.bytes = length;
    return true;
  }

  copyTo(target: Uint8Array, at: number): number {
    target.set(this.#column.content.subarray(this.#at, this.#at + this.bytes), at);
    return at + this.bytes;
  }

  get isAtEnd(): boolean {
    const { lengths, content } = this.#column;
    return this.#lengthAt === lengths.length && this.#at + this.bytes === content.length;
  }
}

/** Reads the lengths of a block; beyond the bytes at hand it only adds up what is needed. */
class BlockCursor {
  readonly #bytes: Uint8Array;
  at: number;
  fault: string | undefined;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  length(): number {
    if (this.fault !== undefined || this.at > this.#bytes.length) return 0;
    const begin = this.at;
    this.at += begin < this.#bytes.length ? variableIntBytes(this.#bytes[begin] ?? 0) : 1;
    if (this.at > this.#bytes.length) return 0;
    const length = readVariableInt(this.#bytes, begin);
    if (length < 0 || length > 0x7fffffff) this.fault = `a block has a length of ${length}`;
    return this.fault === undefined ? length : 0;
  }

  part(): Uint8Array {
    const length = this.length();
    const begin = this.at;
    this.at += length;
    return this.#bytes.subarray(begin, this.at);
  }
}

/** 32 bits with their sign, most significant byte first. */
export function readInt(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
}

function short(item: SyncMarkItem, needs: number): void {
  item.kind = "short";
  item.needs = needs;
}

function fault(item: SyncMarkItem, reason: string): void {
  item.kind = "fault";
  item.reason = reason;
}
