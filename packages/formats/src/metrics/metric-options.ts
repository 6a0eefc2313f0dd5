// Checks the options of formats of metrics, for authors whom no compiler told.

import { MillraceError, didYouMean, quote } from "@millrace/core";
import { checkProperties, kindOf } from "@millrace/sdk/engine";

/** What options there are: lists of names, and one that is a word. */
interface OptionForms {
  readonly lists: readonly string[];
  readonly word: string;
  readonly words: readonly string[];
}

/** Check options, before anything is taken of them. @throws {MillraceError} E_JOB_INVALID that names the option. */
export function checkMetricOptions(format: string, options: unknown, { lists, word, words }: OptionForms): void {
  const refuse = (reason: string): never => {
    throw new MillraceError("E_JOB_INVALID", `Cannot make ${format}(): ${reason}`);
  };
  if (typeof options !== "object" || options === null)
    return refuse(`its options are ${kindOf(options)}; give an object of ${[word, ...lists].join(", ")}`);
  const given = options as Readonly<Record<string, unknown>>;
  checkProperties("it", given, [word, ...lists], refuse);
  for (const list of lists) {
    const names = given[list] ?? [];
    if (!Array.isArray(names) || !names.every((name) => typeof name === "string"))
      refuse(
        `"${list}" is ${Array.isArray(names) ? "a list of more than texts" : kindOf(names)}; give a list of names`,
      );
  }
  const chosen = given[word];
  if (chosen === undefined || words.some((each) => each === chosen)) return;
  const shown = typeof chosen === "string" ? `${quote(chosen)}${didYouMean(chosen, words)}` : kindOf(chosen);
  refuse(`"${word}" is ${shown}; use ${words.join(", ")}, or leave it out`);
}
