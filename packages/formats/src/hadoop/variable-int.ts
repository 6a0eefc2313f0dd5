// Hadoop's integers of variable length: one byte from -112 to 127, else a byte that tells sign and count, and the digits.

import type { ByteSink } from "@millrace/data";

/** Bytes that the integer at a place has, 1 to 9, by its first byte. */
export function variableIntBytes(first: number): number {
  const head = (first << 24) >> 24;
  if (head >= -112) return 1;
  return head < -120 ? -119 - head : -111 - head;
}

/**
 * Read the integer at `at`, whose bytes are all there.
 *
 * @returns it; beyond 2^53 the nearest double.
 * @see Hadoop, `org.apache.hadoop.io.WritableUtils.readVLong`.
 */
export function readVariableInt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  const head = (first << 24) >> 24;
  if (head >= -112) return head;
  let value = 0;
  for (let index = 1; index < variableIntBytes(first); index++) value = value * 256 + (bytes[at + index] ?? 0);
  // Negative ones are stored as their complement.
  return head < -120 ? -value - 1 : value;
}

/** Append a length, 0 to 2^31 - 1. */
export function writeVariableInt(sink: ByteSink, value: number): void {
  if (value <= 127) {
    sink.writeByte(value);
    return;
  }
  const count = value < 0x100 ? 1 : value < 0x10000 ? 2 : value < 0x1000000 ? 3 : 4;
  sink.writeByte((-112 - count) & 0xff);
  for (let index = count - 1; index >= 0; index--) sink.writeByte((value >>> (8 * index)) & 0xff);
}
