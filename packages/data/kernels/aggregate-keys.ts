// The key of a row: the grouping's ordinal, one byte, then its values as the tuple codec of src/codec writes them.

import { findByte } from "./aggregate-find";
import {
  keyBefore,
  keyBytes,
  keyCount,
  keyDecimal,
  keyDouble,
  keyFloor,
  keyMissing,
  keysAt,
  keyText,
  ordinalByte,
} from "./aggregate-program";
import { writeDecimal } from "./numbers";

/** Write the key of a row at `at`; up to 16 bytes behind it are written. @returns its end. */
export function writeKey(program: usize, row: u32, at: usize): usize {
  store<u8>(at, <u8>load<u32>(program, ordinalByte));
  return writeTuple(<usize>load<u32>(program, keysAt), load<u32>(program, keyCount), row, at + 1);
}

/** Write `count` values of a row, in the form of keys. @returns their end. */
@inline
export function writeTuple(key: usize, count: u32, row: u32, at: usize): usize {
  for (const end = key + <usize>count * keyBytes; key < end; key += keyBytes) {
    const cell = <usize>load<u32>(key, 4) + (<usize>row << 3);
    const kind = load<u32>(key);
    if (kind == keyText) at = writeText(key, cell, at);
    else at = kind < keyMissing ? writeNumber(key, cell, at) : writeMade(key, kind, cell, at);
  }
  return at;
}

/** A sign and the 16 digits of a number of up to 2^53; other numbers take 9 bytes and less. */
const numberBytesMax: u32 = 17;

/** How many bytes a value may take, beside what says that it is there and where it ends. */
@inline
export function valueBytes(key: usize, row: u32): u32 {
  const kind = load<u32>(key);
  if (kind != keyText && kind != keyBefore) return numberBytesMax;
  const length = load<u32>(<usize>load<u32>(key, 4) + (<usize>row << 3), 4);
  return length == 0xffff_ffff ? 0 : length;
}

/** Whether all values are missing. */
@inline
export function isMissingTuple(key: usize, count: u32, row: u32): bool {
  for (const end = key + <usize>count * keyBytes; key < end; key += keyBytes) {
    const cell = <usize>load<u32>(key, 4) + (<usize>row << 3);
    if (load<u32>(key) == keyText ? load<u32>(cell, 4) != 0xffff_ffff : !isNaN(load<f64>(cell))) return false;
  }
  return true;
}

/** A text has no zero bytes. Before other values it ends with 00 01. */
@inline
function writeText(key: usize, cell: usize, at: usize): usize {
  const length = load<u32>(cell, 4);
  if (load<u32>(key, 8) != 0) {
    const isThere = length != 0xffff_ffff;
    store<u8>(at++, <u8>isThere);
    if (!isThere) return at;
  }
  return writeBytes(key, <usize>load<u32>(cell), length, at);
}

@inline
function writeBytes(key: usize, from: usize, length: u32, at: usize): usize {
  for (let index: usize = 0; index < <usize>length; index += 16) v128.store(at + index, v128.load(from + index));
  at += length;
  if (load<u32>(key, 12) != 0) return at;
  store<u16>(at, 0x0100);
  return at + 2;
}

/** A text that is made of the column's value; nothing where there is no column. */
function writeMade(key: usize, kind: u32, cell: usize, at: usize): usize {
  if (kind == keyMissing) {
    store<u8>(at, 0);
    return at + 1;
  }
  const value = load<f64>(cell);
  const length = load<u32>(cell, 4);
  if (load<u32>(key, 8) != 0) {
    const isThere = kind == keyDecimal ? !isNaN(value) : length != 0xffff_ffff;
    store<u8>(at++, <u8>isThere);
    if (!isThere) return at;
  }
  if (kind == keyBefore) {
    const from = <usize>load<u32>(cell);
    const end = findByte(from, from + length, <u8>load<u32>(key, 16));
    return writeBytes(key, from, <u32>(end - from), at);
  }
  at = writeDecimal(at, value);
  if (load<u32>(key, 12) != 0) return at;
  store<u16>(at, 0x0100);
  return at + 2;
}

@inline
function writeNumber(key: usize, cell: usize, at: usize): usize {
  const value = load<f64>(cell);
  if (load<u32>(key, 8) != 0) {
    const isThere = !isNaN(value);
    store<u8>(at++, <u8>isThere);
    if (!isThere) return at;
  }
  if (load<u32>(key) == keyDouble) {
    // So that bytes are in the order of numbers; -0 is 0.
    const bits = reinterpret<u64>(value + 0);
    store<u64>(at, bswap(<i64>bits < 0 ? ~bits : bits ^ 0x8000_0000_0000_0000));
    return at + 8;
  }
  let whole = <i64>value;
  if (load<u32>(key) == keyFloor) {
    const width = <i64>load<f64>(key, 16);
    const rest = (whole - <i64>load<f64>(key, 24)) % width;
    whole -= rest < 0 ? rest + width : rest;
  }
  return writeInt(whole, at);
}

/** One byte of sign and length, then the magnitude, most significant byte first; complemented when it is negative. */
@inline
function writeInt(value: i64, at: usize): usize {
  const magnitude = <u64>(value < 0 ? -value : value);
  const bytes = 8 - <u32>(clz(magnitude) >>> 3);
  const shifted = bytes == 0 ? 0 : bswap(magnitude << (64 - (bytes << 3)));
  store<u8>(at, value < 0 ? 0x80 - bytes : 0x80 + bytes);
  store<u64>(at, value < 0 ? ~shifted : shifted, 1);
  return at + 1 + bytes;
}
