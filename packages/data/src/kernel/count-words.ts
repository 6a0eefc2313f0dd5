// Words of lines into a combine table. Lines that stand one behind the other are one text, for what ends them is no part of
// a word. Left is a line that may hold too long a word, and one with bytes that are no UTF-8, as these are replaced and
// counted; of letters also one with characters of four bytes, of which there is no table.

import { dataLimits } from "../data-limits.ts";
import { invariant } from "../data-error.ts";
import type { MapOutput } from "../map/map-output-face.ts";
import type { KernelMemory, KernelPlace } from "../memory/kernel-memory.ts";
import { type BatchSearch, keepAnswer } from "./batch-search.ts";
import type { BatchStep } from "./batch-step.ts";
import { endOfShort, recordAt } from "./record-at.ts";
import { type TextKernels, textKernels } from "./text-kernels.ts";
import { type WordKind, letterBits, letterBitsBytes } from "./word-letters.ts";

/** Make the step that emits (word, 1) for each word of a line. @returns undefined where `output` cannot count words. */
export function countWordsOfLines(
  memory: KernelMemory,
  { countWords }: MapOutput<unknown, unknown, unknown>,
  words: WordKind = "blanks",
): BatchStep | undefined {
  const kernels = memory.open(textKernels);
  const { place } = memory;
  if (countWords === undefined || kernels === undefined || place === undefined) return undefined;
  const letters = words === "letters" ? layLetters(place) : undefined;
  const findLeft = letters === undefined ? keepAnswer(kernels.findInvalidUtf8) : shortCharactersOf(kernels);
  // A quarter of the memory, so that each word fits into an empty table: the function tells of one that does not.
  const wordBytesMax = Math.min(dataLimits.keyBytesMax, Math.floor(memory.budget.limit / 4));
  return {
    mapFrom: (batch, first) => {
      const { offsets, count } = batch;
      const base = memory.baseOf(batch);
      if (base === undefined) return first;
      const begin = offsets[2 * first]!;
      const end = offsets[2 * count - 1]!;
      const left = findLeft(batch, base + begin, base + end) - base;
      // Lengths are looked at up to there alone: where each line is left, each line is a call.
      const stop = endOfShort(batch, first, {
        last: left === end ? count : recordAt(offsets, left, first, count),
        bytesMax: wordBytesMax,
      });
      if (stop > first) countWords({ from: base + begin, to: base + offsets[2 * stop - 1]!, letters });
      return stop;
    },
  };
}

/** Put the bits where the step of the attempt keeps what it needs. @returns their address. */
function layLetters({ bytes, work, workBytes }: KernelPlace): number {
  invariant(letterBitsBytes <= workBytes, "bits of letters fit into what a step keeps");
  bytes.set(letterBits(), work);
  return work;
}

/** Finds the first byte with which no character of up to three bytes begins. */
function shortCharactersOf({ findFourBytes, findInvalidUtf8 }: TextKernels): BatchSearch {
  const findFour = keepAnswer(findFourBytes);
  let four = 0;
  // Up to the same place until that is passed.
  const findInvalid = keepAnswer((from) => findInvalidUtf8(from, four));
  return (batch, from, to) => {
    four = findFour(batch, from, to);
    return findInvalid(batch, from, to);
  };
}
