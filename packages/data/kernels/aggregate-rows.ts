// Groups rows whose columns were found: keys are hashed in groups, the slots of a group are touched before the first is
// searched and its states before the first is added to, so that their cache misses overlap.

import { holds } from "./aggregate-conditions";
import { writeKey } from "./aggregate-keys";
import { markAt, stateBytesAt } from "./aggregate-program";
import { addRow, isHard, leaveRow, noRoom } from "./aggregate-states";
import { findOrInsertState, stateOf } from "./aggregate-table";
import { rowsTallied, tallyRows } from "./aggregate-tally";
import { slotHash } from "./slot-hash";
import { homeSlot } from "./table";

const groupMax: u32 = 64;
const itemBytes: usize = 20;
/** Keys of a group; behind them there is room for one more, which is shorter than 64 KiB. */
const keysBytes: usize = 65_536;
// Of each row of the group: where its key lies, the key's length and hash, the row, its slot.
const group = memory.data(<i32>(64 * 20), 16);
let touched: u32 = 0;

/** Rows that were added by the last call. */
export let rowsAdded: u32 = 0;

/**
 * Add rows from `from` up to `to` to their groups.
 *
 * @param left - what is left of rows, 4 bytes each: all ones for a row that is passed over; where a row is hard for its
 *   state the grouping's bit is set.
 * @param keys - 128 KiB where keys are written.
 * @returns `to`, or the row for which there was no room.
 */
export function addRows(table: usize, program: usize, left: usize, from: u32, to: u32, keys: usize): u32 {
  from = tallyRows(table, program, left, from, to, keys);
  rowsAdded = rowsTallied;
  let item = group;
  let at = keys;
  const full = keys + keysBytes;
  for (let row = from; row < to; row++) {
    if (load<i32>(left + (<usize>row << 2)) == -1 || !holds(program, row)) continue;
    const end = writeKey(program, row, at);
    store<u32>(item, <u32>at);
    store<u32>(item, <u32>(end - at), 4);
    store<u32>(item, slotHash(at, <u32>(end - at)), 8);
    store<u32>(item, row, 12);
    item += itemBytes;
    at = end;
    if (item == group + <usize>groupMax * itemBytes || at > full) {
      const stopped = addGroup(table, program, left, item);
      if (stopped >= 0) return stopped;
      item = group;
      at = keys;
    }
  }
  const stopped = addGroup(table, program, left, item);
  return stopped >= 0 ? stopped : to;
}

/** Count rows below `count` for which the conditions of a program hold, but those of which all is left. */
export function countRows(program: usize, left: usize, count: u32): u32 {
  let counted: u32 = 0;
  for (let row: u32 = 0; row < count; row++)
    counted += <u32>(load<i32>(left + (<usize>row << 2)) != -1 && holds(program, row));
  return counted;
}

/** Add the rows of the group, up to `end`. @returns the row for which there was no room, or -1. */
function addGroup(table: usize, program: usize, left: usize, end: usize): i32 {
  let sum: u32 = 0;
  for (let item = group; item < end; item += itemBytes) sum += load<u32>(homeSlot(table, load<u32>(item, 8)), 20);
  const stateBytes = load<u32>(program, stateBytesAt);
  const mark = load<u32>(program, markAt);
  let stopped: i32 = -1;
  let found = group;
  for (; found < end; found += itemBytes) {
    const slot = findOrInsertState(
      table,
      <usize>load<u32>(found),
      load<u32>(found, 4),
      load<u32>(found, 8),
      stateBytes,
      mark,
    );
    if (slot == 0) {
      stopped = load<i32>(found, 12);
      break;
    }
    store<u32>(found, <u32>slot, 16);
    sum += load<u32>(stateOf(table, slot));
  }
  // Kept, so that the loads are not left out.
  touched = sum;
  for (let item = group; item < found; item += itemBytes) {
    const row = load<u32>(item, 12);
    const result = addRow(table, program, <usize>load<u32>(item, 16), row);
    if (result == noRoom) return row;
    if (result == isHard) leaveRow(program, left, row);
    else rowsAdded++;
  }
  return stopped;
}
