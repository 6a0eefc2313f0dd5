// The header of a SequenceFile: version, the classes of keys and values, the compression, texts about the file, its sync
// mark.

import type { ByteSink } from "@millrace/data";
import { isUtf8 } from "node:buffer";
import { type SequenceCodec, codecOfClass } from "./sequence-codec.ts";
import { readVariableInt, variableIntBytes, writeVariableInt } from "./variable-int.ts";

/** How records are compressed. */
export type SequenceCompression = "none" | "record" | "block";

/** What a header says. */
export interface SequenceHeader {
  readonly keyClass: string;
  readonly valueClass: string;
  readonly compression: SequenceCompression;
  /** Undefined with compression `none`. */
  readonly codec: SequenceCodec | undefined;
  /** 16 bytes, the file's own. */
  readonly sync: Uint8Array;
  /** Length of the header. */
  readonly bytes: number;
}

/** What makes a header unreadable. */
export type HeaderFault = { readonly fault: string } | { readonly needs: number };

/** `SEQ`, and the version that Hadoop has written since 2006. */
const magic = Uint8Array.of(0x53, 0x45, 0x51);
const version = 6;
export const syncBytes = 16;
/** Java bounds the names of classes at 65,535 bytes, and a metadata text is no place for more. */
const textBytesMax = 65_535;

/**
 * Read a header.
 *
 * @param head - the file's first bytes; nothing of them is kept.
 * @see Hadoop, `org.apache.hadoop.io.SequenceFile`, "SequenceFile Header".
 */
export function readSequenceHeader(head: Uint8Array): SequenceHeader | HeaderFault {
  if (head.length < 4) return { needs: 4 };
  if (magic.some((byte, index) => head[index] !== byte)) return { fault: "it does not begin with SEQ" };
  if (head[3] !== version) return { fault: `it is of version ${head[3]}, and only ${version} is read` };
  const cursor = new HeaderCursor(head);
  const keyClass = cursor.text();
  const valueClass = cursor.text();
  const isCompressed = cursor.flag();
  const isBlock = cursor.flag();
  const codecClass = isCompressed ? cursor.text() : "";
  const texts = cursor.int();
  if (texts < 0) cursor.refuse(`it is said to have ${texts} texts`);
  for (let index = 0; index < 2 * texts && cursor.isGood; index++) cursor.text();
  const sync = cursor.take(syncBytes);
  if (cursor.fault !== undefined) return { fault: cursor.fault };
  if (cursor.needs > head.length) return { needs: cursor.needs };
  if (isBlock && !isCompressed) return { fault: "it has blocks without compression" };
  const codec = isCompressed ? codecOfClass(codecClass) : undefined;
  if (isCompressed && codec === undefined)
    return { fault: `it is compressed with ${JSON.stringify(codecClass)}, which this version does not read` };
  const compression = isBlock ? "block" : isCompressed ? "record" : "none";
  return { keyClass, valueClass, compression, codec, sync: sync.slice(), bytes: cursor.needs };
}

/** Append all of a header but its sync mark. */
export function writeSequenceHeader(
  sink: ByteSink,
  header: {
    readonly keyClass: string;
    readonly valueClass: string;
    readonly compression: SequenceCompression;
    readonly codecClass: string;
  },
): void {
  sink.writeBytes(magic);
  sink.writeByte(version);
  writeText(sink, header.keyClass);
  writeText(sink, header.valueClass);
  sink.writeByte(header.compression === "none" ? 0 : 1);
  sink.writeByte(header.compression === "block" ? 1 : 0);
  if (header.compression !== "none") writeText(sink, header.codecClass);
  sink.writeUint32(0);
}

/** Class names are ASCII. */
function writeText(sink: ByteSink, text: string): void {
  writeVariableInt(sink, text.length);
  sink.writeText(text);
}

/** Reads fields one after the other; past the end or a fault it gives nothing more. */
class HeaderCursor {
  readonly #head: Uint8Array;
  /** How many bytes of the header were asked for. */
  needs = 4;
  fault: string | undefined;

  constructor(head: Uint8Array) {
    this.#head = head;
  }

  get isGood(): boolean {
    return this.fault === undefined && this.needs <= this.#head.length;
  }

  refuse(fault: string): void {
    this.fault ??= fault;
  }

  take(count: number): Uint8Array {
    if (!this.isGood) return new Uint8Array(0);
    const at = this.needs;
    this.needs += count;
    return this.#head.subarray(at, this.needs);
  }

  flag(): boolean {
    const [byte = 0] = this.take(1);
    if (byte > 1) this.refuse(`a flag is ${byte}, neither 0 nor 1`);
    return byte === 1;
  }

  int(): number {
    const bytes = this.take(4);
    return bytes.length < 4 ? 0 : new DataView(bytes.buffer, bytes.byteOffset, 4).getInt32(0);
  }

  text(): string {
    const at = this.needs;
    const [first] = this.take(1);
    if (first === undefined) return "";
    this.take(variableIntBytes(first) - 1);
    if (!this.isGood) return "";
    const length = readVariableInt(this.#head, at);
    if (length < 0 || length > textBytesMax) this.refuse(`a text is said to have ${length} bytes`);
    const bytes = this.take(length);
    if (this.isGood && !isUtf8(bytes)) this.refuse("a text is no UTF-8");
    return Buffer.from(bytes).toString();
  }
}
