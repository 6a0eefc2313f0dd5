// A map function that many jobs have in common: the words of a text, one pair each.

import { limits } from "@millrace/core";
import { withBatchPlan } from "../program/batch-plan.ts";
import type { Emit } from "./context.ts";

const otherBlank = /\s/u;

/**
 * A map function that emits each word of a text with the value 1. Words are what stands between white space, as
 * `text.split(/\s+/u)` finds it; they are not changed. A word of more bytes than a key may have (64 KiB) is a picture or a
 * dump in the text, and no reason to lose all other counts: it is left out.
 *
 * With `textLines()` and an aggregator that counts, `sum()` or `count()`, it runs at several times the speed of a
 * function of one's own.
 *
 * @param options - `tooLong` names a counter of words that were left out.
 * @example
 * ```ts
 * input: textLines(),
 * map: eachWord(),
 * reduce: sum(),
 * output: textTable(),
 * ```
 */
export function eachWord(
  options: { readonly tooLong?: string } = {},
): (text: string, emit: Emit<string, number>, context: Counting) => void {
  const { tooLong } = options;
  const map = (text: string, emit: Emit<string, number>, context: Counting): void => {
    let begin = -1;
    for (let at = 0; at <= text.length; at++) {
      // The end separates as a blank does.
      const unit = at < text.length ? text.charCodeAt(at) : 0x20;
      // Characters of ASCII first: up to the blank they separate, above it they do not. The rest goes by Unicode.
      const separates =
        unit < 0x80 ? unit === 0x20 || (unit >= 0x09 && unit <= 0x0d) : otherBlank.test(text.charAt(at));
      if (!separates) {
        if (begin < 0) begin = at;
      } else if (begin >= 0) {
        const word = text.slice(begin, at);
        if (fitsKey(word)) emit(word, 1);
        else if (tooLong !== undefined) context.count(tooLong, 1);
        begin = -1;
      }
    }
  };
  return withBatchPlan(map, { kind: "words" });
}

/** What is used of the context. */
interface Counting {
  readonly count: (counter: string, by?: number) => void;
}

const encoder = new TextEncoder();

function fitsKey(word: string): boolean {
  // UTF-8 has at most three bytes for a UTF-16 unit.
  return word.length * 3 <= limits.keyBytesMax || encoder.encode(word).length <= limits.keyBytesMax;
}
