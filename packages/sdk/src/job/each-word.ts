// A map function that many jobs have in common: the words of a text, one pair each.

import { limits } from "@millrace/core";
import { type WordKind, wordLetter } from "@millrace/data";
import { withBatchPlan } from "../program/batch-plan.ts";
import type { Emit } from "./context.ts";
import { type OptionForm, flagReader, takeOptions, withReadParams } from "./read-params.ts";

/** What {@link eachWord} takes. */
export interface EachWordOptions {
  /**
   * Whether words are runs of letters, marks and numbers, `[\p{L}\p{M}\p{N}]+`, so that `end.` is the word `end`: `true`,
   * or the name of a parameter, a boolean, that says so. By default they are what stands between white space.
   */
  readonly letters?: boolean | string;
  /** Names a counter of words that were left out. */
  readonly tooLong?: string;
}

const forms: Readonly<Record<string, OptionForm>> = {
  letters: { types: ["boolean"], orBoolean: true },
  tooLong: {},
};

const otherBlank = /\s/u;

/**
 * A map function that emits each word of a text with the value 1. Words are what stands between white space, as
 * `text.split(/\s+/u)` finds it, or runs of letters; they are not changed. A word of more bytes than a key may have (64 KiB)
 * is a picture or a dump in the text, and no reason to lose all other counts: it is left out.
 *
 * With `textLines()` and an aggregator that counts, `sum()` or `count()`, it runs at several times the speed of a
 * function of one's own.
 *
 * @throws {MillraceError} E_JOB_INVALID for options that are no names.
 * @example
 * ```ts
 * input: textLines(),
 * map: eachWord(),
 * reduce: sum(),
 * output: textTable(),
 * ```
 */
export function eachWord(
  options: EachWordOptions = {},
): (text: string, emit: Emit<string, number>, context: Counting) => void {
  const reads = takeOptions("eachWord", options, forms);
  const hasLetters = flagReader(reads, "letters");
  const { letters, tooLong } = options;
  const choose = (params: Readonly<Record<string, unknown>>): WordKind =>
    letters === true || hasLetters(params) ? "letters" : "blanks";
  const map = (text: string, emit: Emit<string, number>, context: Counting): void => {
    const separates = choose(context.params) === "letters" ? separatesLetters : separatesBlanks;
    let begin = -1;
    for (let at = 0; at <= text.length;) {
      // The end separates as a blank does.
      const character = text.codePointAt(at) ?? 0x20;
      if (!separates(character)) {
        if (begin < 0) begin = at;
      } else if (begin >= 0) {
        const word = text.slice(begin, at);
        if (fitsKey(word)) emit(word, 1);
        else if (tooLong !== undefined) context.count(tooLong, 1);
        begin = -1;
      }
      at += character > 0xffff ? 2 : 1;
    }
  };
  return withBatchPlan(withReadParams(map, reads, choose), { kind: "words", choose });
}

/** What is used of the context. */
interface Counting {
  readonly params: Readonly<Record<string, unknown>>;
  readonly count: (counter: string, by?: number) => void;
}

// Characters of ASCII first. The rest goes by Unicode.

function separatesBlanks(character: number): boolean {
  if (character < 0x80) return character === 0x20 || (character >= 0x09 && character <= 0x0d);
  return otherBlank.test(String.fromCodePoint(character));
}

function separatesLetters(character: number): boolean {
  if (character >= 0x80) return !wordLetter.test(String.fromCodePoint(character));
  const small = character | 0x20;
  return !((small >= 0x61 && small <= 0x7a) || (character >= 0x30 && character <= 0x39));
}

const encoder = new TextEncoder();

function fitsKey(word: string): boolean {
  // UTF-8 has at most three bytes for a UTF-16 unit.
  return word.length * 3 <= limits.keyBytesMax || encoder.encode(word).length <= limits.keyBytesMax;
}
