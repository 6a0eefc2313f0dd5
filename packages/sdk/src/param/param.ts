// Job parameters: declared in the job with a type, given as text on the command line, checked before anything starts.

import type { Plain } from "../job/infer.ts";

/** What a parameter looks like to a person: listed by `millrace jobs`. */
export interface ParamDescription {
  readonly type: "text" | "int" | "double" | "boolean" | "time" | "choice" | "pattern";
  /** In the form in which it would be given; absent when the parameter must be given. */
  readonly default?: string;
  /** Values of a `choice`. */
  readonly choices?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  /** Of a `pattern`: whose regular expressions it takes. */
  readonly syntax?: "javascript" | "re2";
  /** One line for people. */
  readonly about?: string;
}

/** A job parameter, parsed from the command line. */
export interface Param<out T> {
  /** @throws {MillraceError} E_PARAMETER with a clause that says what the text should have been. */
  readonly parse: (text: string) => T;
  readonly description: ParamDescription;
  /**
   * Say what does not fit the job's other parameters; undefined when all is well. Called when all texts are parsed.
   *
   * @param value - what `parse` gave.
   * @param all - the values by name.
   */
  check?(value: T, all: Readonly<Record<string, unknown>>): string | undefined;
}

/** A job's parameters by name. */
export type Params = Readonly<Record<string, Param<unknown>>>;
/** The values of a job's parameters. */
export type ParamsOf<P> = Plain<{ [N in keyof P]: P[N] extends Param<infer T> ? T : never }>;
