// Merges cursors with a tree of losers, as src/merge/loser-tree.ts does, and makes rows of output, or the body of a run's
// block, of their pairs. It returns when it needs something: a block, room, or the twin for a pair that is not plain.
//
// Merge, words of 4 bytes: 0 cursors, 1 tree, 2 the first cursor (addresses), 3 phase, 4 cursor that it returned for,
// 5 what is made, 6 end of what has been made (changed), 7 where it must end, or bytes of a body, 8 begin of a body,
// 9 bytes of a key, or those left out of it, 10 bytes of a value, 11 whether equal keys make one line, 12 pairs, 13 records
// and 14 groups so far, 15 key of the last pair, 16 its length, 17 whether there is one, 18 key written last, 19 its length,
// 20 whether there is one, 21 whether a group is open, 22 and 23 its sum, 24 whether pairs are states, 25 whether the pair
// that it returned for has the key of the one before, 26 whether a first byte 1 stands before 8 bytes that are left out too, 27
// bytes at the end of a key that only order the pairs of a group; 28 to 31 room for a number; from 32 on those of joining.ts.

import { copyBytes, commonBytes } from "./keys";
import { isLine, writeEscaped } from "./cells";
import {
  cursorBytes,
  hasMark,
  isBefore,
  keyLengthOf,
  keyOf,
  markApart,
  markEnded,
  markSame,
  readPair,
} from "./cursors";
import { closeJoin, joinPair } from "./joining";
import { noteRecord, roomFor } from "./made";
import { readInt, writeDecimal, writeInt, writeVarint } from "./numbers";
import { doneAll, isDamaged, needsBlock, needsRoom, needsTwin } from "./stops";

const phaseStart: u32 = 0;
const phasePair: u32 = 1;
const phaseTaken: u32 = 2;
const phaseNext: u32 = 3;

/** Key and value, one behind the other. */
const makesRows: u32 = 0;
/** A line of each key, or of each pair's. */
const makesLines: u32 = 1;
/** Lines of key, TAB and sum. */
const makesSums: u32 = 2;
/** Pairs of a run. */
const makesPairs: u32 = 3;
/** Pairs of a run, sums of equal keys. */
const makesStates: u32 = 4;
/** Nothing: each pair is the twin's. */
const makesNone: u32 = 5;
/** Rows of a join. */
const makesJoins: u32 = 6;

const valueInlineBytesMax: u32 = 65536;
const pairRoom: u32 = 16;
const lineFeed: u8 = 10;
const tab: u8 = 9;
/** Of an optional double that is there. */
const numberBytes: u32 = 9;
const integerMax: f64 = 9007199254740991;
/** Of the sum with its TAB and line feed. */
const sumRoom: usize = 24;

@inline
function cursorAt(merge: usize, index: u32): usize {
  return <usize>load<u32>(merge, 8) + <usize>index * cursorBytes;
}

/** @returns why it stopped. */
export function mergeOn(merge: usize): u32 {
  if (load<u32>(merge, 12) == phaseStart) {
    const stopped = start(merge);
    if (stopped != doneAll) return stopped;
  }
  const tree = <usize>load<u32>(merge, 4);
  while (true) {
    const index = load<u32>(tree);
    const winner = cursorAt(merge, index);
    const phase = load<u32>(merge, 12);
    store<u32>(merge, index, 16);
    if (phase == phasePair) {
      if (hasMark(winner, markEnded)) return finish(merge);
      const stopped = takePair(merge, winner);
      if (stopped != doneAll) return stopped;
      noteTaken(merge, winner);
    } else if (phase == phaseTaken) noteTaken(merge, winner);
    if (!hasMark(winner, markEnded)) {
      if (load<u32>(winner, 8) == 0) {
        store<u32>(merge, phaseNext, 12);
        return needsBlock;
      }
      if (!readPair(winner, load<u32>(merge, 96) != 0)) return isDamaged;
    }
    store<u32>(merge, phasePair, 12);
    // A key that is the same has won against every other, and none can have a smaller one.
    if (!hasMark(winner, markSame)) replay(merge, tree, index);
  }
}

/** Read the first pair of each cursor and play the first matches. Each has a block. */
function start(merge: usize): u32 {
  const count = load<u32>(merge);
  const tree = <usize>load<u32>(merge, 4);
  for (let index: u32 = 0; index < count; index++) {
    const cursor = cursorAt(merge, index);
    if (!readPair(cursor, load<u32>(merge, 96) != 0)) {
      store<u32>(merge, index, 16);
      return isDamaged;
    }
  }
  // Winners lie behind the tree while it is made.
  const winners = tree + ((<usize>count) << 2);
  for (let index: u32 = 0; index < count; index++) store<u32>(winners + ((<usize>(count + index)) << 2), index);
  for (let node = count - 1; node >= 1; node--) {
    const left = load<u32>(winners + ((<usize>node) << 3));
    const right = load<u32>(winners + ((<usize>node) << 3), 4);
    const leftWins = isBefore(cursorAt(merge, left), cursorAt(merge, right));
    store<u32>(winners + ((<usize>node) << 2), leftWins ? left : right);
    store<u32>(tree + ((<usize>node) << 2), leftWins ? right : left);
  }
  store<u32>(tree, count > 1 ? load<u32>(winners, 4) : 0);
  store<u32>(merge, phasePair, 12);
  return doneAll;
}

@inline
function replay(merge: usize, tree: usize, from: u32): void {
  const count = load<u32>(merge);
  let winner = from;
  let winnerAt = cursorAt(merge, from);
  for (let node = (from + count) >> 1; node > 0; node >>= 1) {
    const place = tree + ((<usize>node) << 2);
    const loser = load<u32>(place);
    const loserAt = cursorAt(merge, loser);
    if (!isBefore(loserAt, winnerAt)) continue;
    store<u32>(place, winner);
    winner = loser;
    winnerAt = loserAt;
  }
  store<u32>(tree, winner);
}

/** Whether the key of a cursor is that of the pair before, but for an order key of fixed length at its end. */
@inline
function isSameKey(merge: usize, cursor: usize): bool {
  const length = keyLengthOf(cursor);
  const order = load<u32>(merge, 108);
  if (load<u32>(merge, 68) == 0 || load<u32>(merge, 64) != length || length < order) return false;
  return commonBytes(load<u32>(merge, 60), keyOf(cursor), length - order) == length - order;
}

/** The pair has been used: remember its key. */
@inline
function noteTaken(merge: usize, cursor: usize): void {
  store<u32>(merge, load<u32>(merge, 48) + 1, 48);
  if (load<u32>(merge, 100) != 0) return;
  store<u32>(merge, load<u32>(merge, 56) + 1, 56);
  const length = keyLengthOf(cursor);
  copyBytes(load<u32>(merge, 60), keyOf(cursor), length);
  store<u32>(merge, length, 64);
  store<u32>(merge, 1, 68);
}

/** Use the winner's pair. @returns why it was not. */
@inline
function takePair(merge: usize, cursor: usize): u32 {
  const same = isSameKey(merge, cursor);
  store<u32>(merge, same ? 1 : 0, 100);
  const makes = load<u32>(merge, 20);
  if (makes == makesJoins) return joinPair(merge, cursor, same);
  if (hasMark(cursor, markApart)) return needsTwin;
  if (makes == makesRows) return writeRow(merge, cursor);
  if (makes == makesSums || makes == makesStates) return addState(merge, cursor, same);
  if (makes == makesPairs) {
    const value = load<u32>(cursor, 20);
    return writePair(merge, keyOf(cursor), keyLengthOf(cursor), value, load<u32>(cursor, 24));
  }
  if (makes == makesLines) return same && load<u32>(merge, 44) != 0 ? doneAll : writeLine(merge, cursor);
  return needsTwin;
}

@inline
function writeRow(merge: usize, cursor: usize): u32 {
  const length = keyLengthOf(cursor);
  const valueLength = load<u32>(cursor, 24);
  if (length != load<u32>(merge, 36) || valueLength != load<u32>(merge, 40)) return needsTwin;
  const end = roomFor(merge, length + valueLength);
  if (end == 0) return needsRoom;
  copyBytes(end, keyOf(cursor), length);
  copyBytes(end + length, load<u32>(cursor, 20), valueLength);
  noteRecord(merge, end + length + valueLength);
  return doneAll;
}

/** What is left out of a key is zero, or a number. */
@inline
function writeLine(merge: usize, cursor: usize): u32 {
  let skip = load<u32>(merge, 36);
  const key = keyOf(cursor);
  const isNumber = load<u32>(merge, 104) != 0 && load<u8>(key) == 1;
  if (isNumber) skip = numberBytes;
  if (keyLengthOf(cursor) < skip) return needsTwin;
  if (!isNumber) for (let index: u32 = 0; index < skip; index++) if (load<u8>(key + index) != 0) return needsTwin;
  const length = keyLengthOf(cursor) - skip;
  if (!isLine(key + skip, length)) return needsTwin;
  const end = roomFor(merge, length + 1);
  if (end == 0) return needsRoom;
  copyBytes(end, key + skip, length);
  store<u8>(end + length, lineFeed);
  noteRecord(merge, end + length + 1);
  return doneAll;
}

/** Add a state to the open group, or close that and open one. */
@inline
function addState(merge: usize, cursor: usize, same: bool): u32 {
  const state = readInt(load<u32>(cursor, 20), load<u32>(cursor, 24));
  if (same && load<u32>(merge, 84) != 0) {
    const sum = load<f64>(merge, 88) + state;
    // Not of a number, either.
    if (!(abs(sum) <= integerMax)) return needsTwin;
    store<f64>(merge, sum, 88);
    return doneAll;
  }
  if (load<u32>(merge, 84) != 0) {
    const stopped = closeGroup(merge);
    if (stopped != doneAll) return stopped;
  }
  if (state != state) return needsTwin;
  store<u32>(merge, 1, 84);
  store<f64>(merge, state, 88);
  return doneAll;
}

/** Write the open group. */
function closeGroup(merge: usize): u32 {
  const key = <usize>load<u32>(merge, 60);
  const length = load<u32>(merge, 64);
  const sum = load<f64>(merge, 88);
  if (load<u32>(merge, 20) == makesStates) {
    const state = merge + 112;
    const stopped = writePair(merge, key, length, state, <u32>(writeInt(state, sum) - state));
    if (stopped != doneAll) return stopped;
  } else {
    let end = roomFor(merge, 2 * (<usize>length) + sumRoom);
    if (end == 0) return needsRoom;
    end = writeEscaped(end, key, length);
    store<u8>(end, tab);
    end = writeDecimal(end + 1, sum);
    store<u8>(end, lineFeed);
    noteRecord(merge, end + 1);
  }
  store<u32>(merge, 0, 84);
  return doneAll;
}

/** All cursors have ended. */
function finish(merge: usize): u32 {
  store<u32>(merge, 0, 100);
  if (load<u32>(merge, 20) == makesJoins) return closeJoin(merge);
  return load<u32>(merge, 84) != 0 ? closeGroup(merge) : doneAll;
}

/** Write a pair behind those in the body of a block, as src/run/run-writer.ts does. */
function writePair(merge: usize, key: usize, length: u32, value: usize, valueLength: u32): u32 {
  const body = <usize>load<u32>(merge, 32);
  const bytesMax = load<u32>(merge, 28);
  let end = <usize>load<u32>(merge, 24);
  const room = length + valueLength + pairRoom;
  if (valueLength > valueInlineBytesMax || room > bytesMax) return needsTwin;
  if (<u32>(end - body) + room > bytesMax) return needsRoom;
  const before = <usize>load<u32>(merge, 72);
  const hasBefore = load<u32>(merge, 80) != 0;
  const shared: u32 = hasBefore ? commonBytes(before, key, min(length, load<u32>(merge, 76))) : 0;
  const start: u32 = end == body ? 0 : shared;
  end = writeVarint(end, start);
  end = writeVarint(end, length - start);
  end = writeVarint(end, valueLength << 1);
  copyBytes(end, key + start, length - start);
  end += length - start;
  copyBytes(end, value, valueLength);
  noteRecord(merge, end + valueLength);
  copyBytes(before + shared, key + shared, length - shared);
  store<u32>(merge, length, 76);
  store<u32>(merge, 1, 80);
  return doneAll;
}
