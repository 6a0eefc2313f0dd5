// A parameter that is one of several words.

import { MillraceError, nearestName, quote } from "@millrace/core";
import type { Param } from "./param.ts";

/** Options of a choice, after its words. */
export interface ChoiceOptions<T> {
  readonly default?: T;
  readonly about?: string;
}

/**
 * One of several words. Options come last.
 *
 * @throws {MillraceError} E_JOB_INVALID when there is no word, or the default is none of them.
 * @example
 * ```ts
 * params: { mode: choice("fast", "exact", { default: "fast" }) },
 * ```
 */
export function choice<const A extends readonly (string | ChoiceOptions<string>)[]>(
  ...of: A & readonly (string | ChoiceOptions<Extract<A[number], string>>)[]
): Param<Extract<A[number], string>> {
  type T = Extract<A[number], string>;
  const words = of.filter((each): each is T => typeof each === "string");
  const options = of.find((each): each is ChoiceOptions<T> => typeof each === "object") ?? {};
  if (words.length === 0)
    throw new MillraceError("E_JOB_INVALID", "Cannot make a choice: it has no words; give at least one");
  if (options.default !== undefined && !words.includes(options.default)) {
    throw new MillraceError(
      "E_JOB_INVALID",
      `Cannot use ${quote(options.default)} as default of choice(): it is not one of ${listed(words)}; choose one of them`,
    );
  }
  return {
    description: {
      type: "choice",
      choices: words,
      ...(options.default === undefined ? {} : { default: options.default }),
      ...(options.about === undefined ? {} : { about: options.about }),
    },
    parse: (given) => {
      const word = words.find((each) => each === given);
      if (word !== undefined) return word;
      const nearest = nearestName(given, words);
      throw new MillraceError(
        "E_PARAMETER",
        `${quote(given)} is not one of ${listed(words)}${nearest === undefined ? "" : `; did you mean ${quote(nearest)}?`}`,
      );
    },
  };
}

function listed(words: readonly string[]): string {
  return words.map((word) => quote(word)).join(", ");
}
