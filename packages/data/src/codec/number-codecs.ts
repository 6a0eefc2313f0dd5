// Numbers and booleans as keys and values. All are self-delimiting as they stand, so a tuple needs nothing more.

import type { ByteReader } from "../bytes/byte-reader.ts";
import type { ByteSink } from "../bytes/byte-sink.ts";
import type { KeyCodec } from "./codec.ts";
import { makeKeyCodec, refuseValue } from "./make-codec.ts";

// An int is one byte that says sign and length (80 is zero, 81-87 positive of 1-7 bytes, 7F-79 negative), then the
// magnitude, most significant byte first; negative ones are complemented. 2^53 needs 7 bytes. Small ints are short,
// so that status codes and minutes fit the 16 bytes of key that the combine table holds inline.
const zeroLead = 0x80;

/** Append a safe integer so that byte order is number order. The caller has checked it; −0 is written as 0. */
export function writeInt(value: number, sink: ByteSink): void {
  const magnitude = value < 0 ? -value : value;
  const high = Math.floor(magnitude / 0x1_0000_0000);
  const low = magnitude >>> 0;
  const count = high === 0 ? bytesOf32(low) : 4 + bytesOf32(high);
  const flip = value < 0 ? 0xff : 0;
  let at = sink.reserve(8);
  const bytes = sink.bytes;
  bytes[at++] = value < 0 ? zeroLead - count : zeroLead + count;
  for (let index = count - 1; index >= 0; index--) {
    const part = index >= 4 ? high >>> ((index - 4) * 8) : low >>> (index * 8);
    bytes[at++] = (part & 0xff) ^ flip;
  }
  sink.length = at;
}

/** Read what {@link writeInt} wrote. @throws {RangeError} for any other bytes. */
export function readInt(reader: ByteReader): number {
  const lead = reader.readByte();
  const negative = lead < zeroLead;
  const count = negative ? zeroLead - lead : lead - zeroLead;
  if (count > 7) throw new RangeError("no int");
  const flip = negative ? 0xff : 0;
  let value = 0;
  for (let index = 0; index < count; index++) {
    const byte = reader.readByte() ^ flip;
    if (index === 0 && byte === 0) throw new RangeError("int not in its shortest form");
    value = value * 256 + byte;
  }
  if (value > Number.MAX_SAFE_INTEGER) throw new RangeError("int above 2^53 - 1");
  return negative ? -value : value;
}

function bytesOf32(value: number): number {
  if (value === 0) return 0;
  return 4 - (Math.clz32(value) >>> 3);
}

const scratch = new DataView(new ArrayBuffer(8));

/** Append a double so that byte order is number order: −∞ … −0 = 0 … ∞, and NaN, all NaNs being one, last. */
export function writeDouble(value: number, sink: ByteSink): void {
  // Adding 0 turns -0 into 0 and leaves every other number.
  scratch.setFloat64(0, Number.isNaN(value) ? Number.NaN : value + 0);
  const high = scratch.getUint32(0);
  const low = scratch.getUint32(4);
  if (high >= 0x8000_0000 && !Number.isNaN(value)) {
    sink.writeUint32(~high);
    sink.writeUint32(~low);
  } else if (Number.isNaN(value)) {
    sink.writeUint32(0xfff8_0000);
    sink.writeUint32(0);
  } else {
    sink.writeUint32(high ^ 0x8000_0000);
    sink.writeUint32(low);
  }
}

/** Read what {@link writeDouble} wrote. */
export function readDouble(reader: ByteReader): number {
  const high = reader.readUint32();
  const low = reader.readUint32();
  const positive = high >= 0x8000_0000;
  scratch.setUint32(0, positive ? high ^ 0x8000_0000 : ~high);
  scratch.setUint32(4, positive ? low : ~low);
  return scratch.getFloat64(0);
}

function integerCodec<const W extends "int" | "time">(wire: W): KeyCodec<number, W> {
  const encodeTo = (value: number, sink: ByteSink): void => {
    if (!Number.isSafeInteger(value))
      refuseValue(wire, value, typeof value === "number" ? "no integer between -(2^53 - 1) and 2^53 - 1" : "no number");
    writeInt(value, sink);
  };
  return makeKeyCodec(wire, { encodeTo, decodeFrom: readInt, encodePart: encodeTo, decodePart: readInt });
}

function encodeDouble(value: number, sink: ByteSink): void {
  if (typeof value !== "number") refuseValue("double", value, "no number");
  writeDouble(value, sink);
}

function encodeBoolean(value: boolean, sink: ByteSink): void {
  if (typeof value !== "boolean") refuseValue("boolean", value, "no boolean");
  sink.writeByte(value ? 1 : 0);
}

function decodeBoolean(reader: ByteReader): boolean {
  const byte = reader.readByte();
  if (byte > 1) throw new RangeError("no boolean");
  return byte === 1;
}

/** Safe integers; −0 is 0. */
export const intCodec: KeyCodec<number, "int"> = integerCodec("int");

/** Milliseconds since 1970, whole; encoded like an int. */
export const timeCodec: KeyCodec<number, "time"> = integerCodec("time");

/** Doubles: every NaN is one group that sorts last, −0 equals 0. */
export const doubleCodec: KeyCodec<number, "double"> = makeKeyCodec("double", {
  encodeTo: encodeDouble,
  decodeFrom: readDouble,
  encodePart: encodeDouble,
  decodePart: readDouble,
});

/** false before true. */
export const booleanCodec: KeyCodec<boolean, "boolean"> = makeKeyCodec("boolean", {
  encodeTo: encodeBoolean,
  decodeFrom: decodeBoolean,
  encodePart: encodeBoolean,
  decodePart: decodeBoolean,
});
