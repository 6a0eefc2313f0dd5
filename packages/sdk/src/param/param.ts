// Job parameters: declared in the job with a type, given as text on the command line, checked before anything starts.

/** What a parameter looks like to a person: listed by `millrace jobs`. */
export interface ParamDescription {
  readonly type: "text" | "int" | "double" | "boolean" | "time" | "choice";
  /** In the form in which it would be given; absent when the parameter must be given. */
  readonly default?: string;
  /** Values of a `choice`. */
  readonly choices?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  /** One line for people. */
  readonly about?: string;
}

/** A job parameter, parsed from the command line. */
export interface Param<out T> {
  /** @throws {MillraceError} E_PARAMETER with a clause that says what the text should have been. */
  readonly parse: (text: string) => T;
  readonly description: ParamDescription;
}
