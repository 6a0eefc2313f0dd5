// The most frequent keys, or those with the greatest sums. Shipped as `top`. No type syntax in a shipped job: its file is
// run as it stands.

import { textLines, textTable } from "@millrace/formats";
import { boolean, chain, defineJob, double, int, object, records, sum, text, tuple } from "@millrace/sdk";

const sums = records(object({ key: text(), value: double() }));

/** The sum of a column for each key, or how many lines have the key. Lines without the columns count in `top.malformed`. */
const totals = defineJob({
  name: "top-totals",
  params: {
    column: int({ default: 0, min: 0, about: "the column that is the key, from 1; 0 takes the whole line" }),
    by: int({ default: 0, min: 0, about: "the column of numbers to add up, from 1; 0 counts lines" }),
    separator: text({ default: "\t", about: "what stands between columns; a tab when left out" }),
  },
  setup: ({ params }) => {
    if (params.separator === "") throw new RangeError("the separator is empty; give what stands between columns");
  },
  input: textLines(),
  map: (line, emit, { count, params }) => {
    const cells = params.column === 0 && params.by === 0 ? [] : line.split(params.separator);
    const key = params.column === 0 ? line : cells[params.column - 1];
    const cell = params.by === 0 ? "1" : (cells[params.by - 1] ?? "");
    const number = cell.trim() === "" ? Number.NaN : Number(cell);
    if (key === undefined || !Number.isFinite(number)) count("top.malformed");
    else emit(key, number);
  },
  reduce: sum(),
  output: sums,
});

/** Put a number into ascending ones, and the least out when there are more than `count`. */
function keepGreatest(kept = [0], number = 0, count = 1) {
  let low = 0;
  let high = kept.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((kept[middle] ?? 0) < number) low = middle + 1;
    else high = middle;
  }
  kept.splice(low, 0, number);
  if (kept.length > count) kept.shift();
}

/** Rows `number TAB key`, the greatest number first, keys of equal ones by their bytes, in one part file. */
const heaviest = defineJob({
  name: "top",
  params: { count: int({ default: 10, min: 1, max: 100_000, about: "how many keys to write" }) },
  // The greatest numbers that a task has seen: a key below all of them is not among the first, whatever others see.
  setup: () => ({ greatest: [0].slice(1), written: 0 }),
  input: sums,
  key: tuple(double(), text()),
  value: boolean(),
  map: ({ key, value }, emit, { params, state }) => {
    const least = state.greatest[0];
    if (state.greatest.length === params.count && least !== undefined && value < least) return;
    keepGreatest(state.greatest, value, params.count);
    emit([-value, key], true);
  },
  reduces: 1,
  reduce: ([negative, key], _values, emit, { params, state }) => {
    state.written += 1;
    // Adding 0 makes 0 of -0.
    if (state.written <= params.count) emit([-negative + 0, key]);
  },
  output: textTable(),
});

export default chain(totals, heaviest);
