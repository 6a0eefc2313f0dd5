// Makes the rows of a join of texts, as src/reduce/joined-group.ts does: values of the first input are kept until those of
// the second come, behind them in the order of the group. A key is the group's text in its self-delimiting form and the
// input's index; a value that index and a text; a row key, texts and a line feed.
//
// Words of the merge beside those of merging.ts: 21 whether a group is open, 2 when the pair at hand has opened it, 20 not 0
// when rows were written, and 1 until it was looked which key was the first; 32 which rows there are, 33 begin of the values
// that are kept, 34 their end (changed), 35 where they must end, 36 whether the second input has the key, 37 the kept value
// that the next row is of, 38 whether the group has rows.

import { isLine } from "./cells";
import { hasMark, keyLengthOf, keyOf, markApart } from "./cursors";
import { copyBytes } from "./keys";
import { noteRecord, noteWritten, roomFor } from "./made";
import { doneAll, needsRoom, needsTwin } from "./stops";

/** Of the first and of the second input together. */
const rowsOfBoth: u32 = 1;
/** Of the first, where the second has nothing. */
const rowsOfFirstAlone: u32 = 2;
/** Of the second, where the first has nothing. */
const rowsOfSecondAlone: u32 = 4;
/** Of the first, where the second has something. */
const rowsOfFirst: u32 = 8;

/** The end of the text, and the input. */
const keyTailBytes: u32 = 3;
/** Of a kept text: its length. */
const keptHeadBytes: usize = 4;
/** What is written beyond a copy. */
const copyRoom: usize = 16;

/** Whether a key is a text without a zero byte or a line feed, and its input. */
function isPlainKey(key: usize, length: u32): bool {
  if (length < keyTailBytes) return false;
  const text = length - keyTailBytes;
  if (load<u16>(key + text) != 0x0100) return false;
  for (let index: u32 = 0; index < text; index++) if (load<u8>(key + index) == 0) return false;
  return isLine(key, text);
}

/** Use a pair. @param same - whether its group is that of the pair before. @returns why it was not used. */
export function joinPair(merge: usize, cursor: usize, same: bool): u32 {
  const key = keyOf(cursor);
  const keyLength = keyLengthOf(cursor);
  if (!same && load<u32>(merge, 84) != 2) {
    const stopped = closeJoin(merge);
    if (stopped != doneAll) return stopped;
    const kept = load<u32>(merge, 132);
    store<u32>(merge, 2, 84);
    store<u32>(merge, kept, 136);
    store<u32>(merge, 0, 144);
    store<u32>(merge, kept, 148);
    store<u32>(merge, 0, 152);
    if (!isPlainKey(key, keyLength)) return needsTwin;
  }
  if (hasMark(cursor, markApart)) return needsTwin;
  const value = <usize>load<u32>(cursor, 20);
  const valueLength = load<u32>(cursor, 24);
  if (valueLength == 0 || !isLine(value + 1, valueLength - 1)) return needsTwin;
  if (load<u8>(value) == 0) {
    if (!keep(merge, value + 1, valueLength - 1)) return needsTwin;
  } else {
    const stopped = takeSecond(merge, cursor);
    if (stopped != doneAll) return stopped;
    store<u32>(merge, 1, 144);
  }
  store<u32>(merge, 1, 84);
  return doneAll;
}

/** Write what the open group, if there is one, has to have when it ends. */
export function closeJoin(merge: usize): u32 {
  if (load<u32>(merge, 84) != 0 && load<u32>(merge, 144) == 0 && (load<u32>(merge, 128) & rowsOfFirstAlone) != 0) {
    const stopped = writeKept(merge, load<u32>(merge, 60), load<u32>(merge, 64) - keyTailBytes, 0, 0);
    if (stopped != doneAll) return stopped;
  }
  store<u32>(merge, 0, 84);
  return doneAll;
}

/** @returns whether there was room. */
@inline
function keep(merge: usize, text: usize, length: u32): bool {
  const end = <usize>load<u32>(merge, 136);
  if (end + keptHeadBytes + length + copyRoom > <usize>load<u32>(merge, 140)) return false;
  store<u32>(end, length);
  copyBytes(end + keptHeadBytes, text, length);
  store<u32>(merge, <u32>(end + keptHeadBytes + length), 136);
  return true;
}

/** Write the rows of a value of the second input. */
@inline
function takeSecond(merge: usize, cursor: usize): u32 {
  const rows = load<u32>(merge, 128);
  const key = keyOf(cursor);
  const length = keyLengthOf(cursor) - keyTailBytes;
  if ((rows & rowsOfFirst) != 0) return load<u32>(merge, 144) != 0 ? doneAll : writeKept(merge, key, length, 0, 0);
  if ((rows & rowsOfBoth) == 0) return doneAll;
  const text = <usize>load<u32>(cursor, 20) + 1;
  const textLength = load<u32>(cursor, 24) - 1;
  if (load<u32>(merge, 136) != load<u32>(merge, 132)) return writeKept(merge, key, length, text, textLength);
  return (rows & rowsOfSecondAlone) != 0 ? writeRow(merge, key, length, text, textLength, 0, 0) : doneAll;
}

/** Write a row of each kept value, from the one on where it stopped before, and of another text. */
function writeKept(merge: usize, key: usize, length: u32, text: usize, textLength: u32): u32 {
  const end = <usize>load<u32>(merge, 136);
  let at = <usize>load<u32>(merge, 148);
  while (at < end) {
    const keptLength = load<u32>(at);
    const stopped = writeRow(merge, key, length, at + keptHeadBytes, keptLength, text, textLength);
    if (stopped != doneAll) {
      store<u32>(merge, <u32>at, 148);
      return stopped;
    }
    at += keptHeadBytes + keptLength;
  }
  store<u32>(merge, load<u32>(merge, 132), 148);
  return doneAll;
}

@inline
function writeRow(
  merge: usize,
  key: usize,
  length: u32,
  first: usize,
  firstLength: u32,
  second: usize,
  secondLength: u32,
): u32 {
  let end = roomFor(merge, <usize>length + firstLength + secondLength + 1);
  if (end == 0) return needsRoom;
  if (load<u32>(merge, 152) == 0) {
    // Before there is another, the first key is looked at.
    if (load<u32>(merge, 80) == 1) return needsRoom;
    if (load<u32>(merge, 80) == 0) store<u32>(merge, 1, 80);
    noteWritten(merge, key, length);
    store<u32>(merge, 1, 152);
  }
  copyBytes(end, key, length);
  end += length;
  copyBytes(end, first, firstLength);
  end += firstLength;
  copyBytes(end, second, secondLength);
  end += secondLength;
  store<u8>(end, 10);
  noteRecord(merge, end + 1);
  return doneAll;
}
