// How outputs become answers: rows in any order, bytes in order, a sum of counts.

import { hashInOrder, outputFiles, outputLines } from "./output-files.ts";
import { hashLines } from "./row-hash.ts";
import type { Answer } from "./answer.ts";

/** Rows of text whatever their order. */
export function answerOfRows(output: string): Answer {
  const { rows, hash } = hashLines(outputFiles(output));
  return { size: `${rows} rows`, hash };
}

/** The bytes of all part files in the order of their names. */
export function answerInOrder(output: string): Answer {
  const { bytes, hash } = hashInOrder(output);
  return { size: `${bytes} bytes`, hash };
}

/** The sum of the numbers that rows begin with: a count, whether or not it is split by what was found. */
export function answerOfCounts(output: string): Answer {
  const total = outputLines(output).reduce((sum, line) => sum + Number.parseInt(line, 10), 0);
  return { size: `count ${total}`, hash: String(total) };
}
