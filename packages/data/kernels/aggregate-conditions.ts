// Conditions of a row: operations on a stack of bits, as the compiler of the aggregation wrote them.

import {
  conditionBytes,
  conditionCount,
  opAnd,
  opCompare,
  opMissingNumber,
  opMissingText,
  opNot,
  opOr,
  opTextEquals,
  programBytes,
} from "./aggregate-program";

/** Whether the row is one of the grouping's. */
@inline
export function holds(program: usize, row: u32): bool {
  const count = load<u32>(program, conditionCount);
  return count == 0 || evaluate(program + programBytes, count, row);
}

function evaluate(at: usize, count: u32, row: u32): bool {
  let bits: u32 = 0;
  for (const end = at + <usize>count * conditionBytes; at < end; at += conditionBytes) {
    const operation = load<u32>(at);
    const cell = <usize>load<u32>(at, 4) + (<usize>row << 3);
    const number = load<u32>(at, 8);
    if (operation == opAnd || operation == opOr) {
      const mask: u32 = (1 << number) - 1;
      const among = bits & mask;
      bits = ((bits >>> number) << 1) | <u32>(operation == opAnd ? among == mask : among != 0);
    } else if (operation == opNot) bits ^= 1;
    else bits = (bits << 1) | <u32>test(operation, at, cell);
  }
  return (bits & 1) != 0;
}

@inline
function test(operation: u32, at: usize, cell: usize): bool {
  if (operation == opCompare) return compare(load<u32>(at, 8), load<f64>(cell), load<f64>(at, 16));
  if (operation == opMissingNumber) return isNaN(load<f64>(cell));
  const isMissing = load<u32>(cell, 4) == 0xffff_ffff;
  if (operation == opMissingText) return isMissing;
  return !isMissing && compareText(operation, at, cell);
}

/** The tests in the order of `compareTests` of src/kernel/aggregate-program.ts; false for a missing number. */
function compare(test: u32, a: f64, b: f64): bool {
  switch (test) {
    case 0:
      return a == b;
    case 1:
      return a < b || a > b;
    case 2:
      return a < b;
    case 3:
      return a <= b;
    case 4:
      return a > b;
    default:
      return a >= b;
  }
}

function compareText(operation: u32, at: usize, cell: usize): bool {
  const length = load<u32>(cell, 4);
  const wanted = load<u32>(at, 12);
  const isNot = load<u32>(at, 8) != 0;
  if (operation == opTextEquals && length != wanted) return isNot;
  const from = <usize>load<u32>(cell);
  const isSame = length >= wanted && memory.compare(from, <usize>load<u32>(at, 16), wanted) == 0;
  return isSame != isNot;
}
