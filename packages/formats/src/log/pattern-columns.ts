// The columns of a log pattern as types: the compiler reads the pattern as the parser does.

import type { CodecOf, apacheForms, apachePrefixes, apacheVariables, knownVariables } from "./log-variables.ts";

type Known = typeof knownVariables;
type Directives = typeof apacheVariables;
type Prefixes = typeof apachePrefixes;
type Forms = typeof apacheForms;

type Letter =
  | "a"
  | "b"
  | "c"
  | "d"
  | "e"
  | "f"
  | "g"
  | "h"
  | "i"
  | "j"
  | "k"
  | "l"
  | "m"
  | "n"
  | "o"
  | "p"
  | "q"
  | "r"
  | "s"
  | "t"
  | "u"
  | "v"
  | "w"
  | "x"
  | "y"
  | "z";
type Digit = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9";
type NamePart = Letter | Uppercase<Letter> | Digit | "_";

/** `[name, what follows it]`. */
type TakeName<S extends string, Name extends string = ""> = S extends `${infer C}${infer Rest}`
  ? C extends NamePart
    ? TakeName<Rest, `${Name}${C}`>
    : [Name, S]
  : [Name, ""];

/** Names of the variables of a pattern of nginx, as a union. */
type NginxNames<P extends string, Found = never> = P extends `${string}$${infer Rest}`
  ? Rest extends `{${infer Name}}${infer After}`
    ? NginxNames<After, Found | Name>
    : TakeName<Rest> extends [infer Name, infer After extends string]
      ? NginxNames<After, Name extends "" ? Found : Found | Name>
      : Found
  : Found;

type Snake<S extends string> = S extends `${infer Head}-${infer Tail}` ? `${Head}_${Snake<Tail>}` : S;

/** A directive's condition or which of several requests it is about, which change nothing of its form. */
type Modifier = "!" | "<" | ">" | "," | Digit;
type SkipModifiers<S extends string> = S extends `${Modifier}${infer Rest}` ? SkipModifiers<Rest> : S;

type BracedVariable<Name extends string, D extends string> = `${Name} ${D}` extends keyof Forms
  ? Forms[`${Name} ${D}`]
  : D extends keyof Prefixes
    ? `${Prefixes[D]}${Snake<Lowercase<Name>>}`
    : LetterVariable<D>;
type LetterVariable<D extends string> = D extends keyof Directives ? Directives[D] : never;

/** Names of the variables that a pattern of Apache stands for. */
type ApacheNames<P extends string, Found = never> = P extends `${string}%${infer Rest}`
  ? SkipModifiers<Rest> extends `{${infer Name}}${infer D}${infer After}`
    ? ApacheNames<After, Found | BracedVariable<Name, D>>
    : SkipModifiers<Rest> extends `${infer D}${infer After}`
      ? ApacheNames<After, Found | LetterVariable<D>>
      : Found
  : Found;

type Camel<S extends string> = S extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<Camel<Tail>>}` : S;

/** Columns of a variable as pairs of name and form. */
type FormsOf<V> = V extends keyof Known
  ? { [N in keyof Known[V]["columns"]]: [N, Known[V]["columns"][N]] }[keyof Known[V]["columns"]]
  : V extends string
    ? [Camel<V>, "text?"]
    : never;

type NamesOf<P extends string> = [NginxNames<P>] extends [never] ? ApacheNames<P> : NginxNames<P>;

/**
 * The columns of a pattern. Those that the author types anew, `C`, take the place of the table's. A pattern that the
 * compiler does not know (a `string`) has the author's alone.
 */
export type PatternColumns<P extends string, C> = string extends P
  ? C
  : { readonly [F in FormsOf<NamesOf<P>> as F[0] extends keyof C ? never : F[0]]: CodecOf<F[1]> } & {
        readonly [N in keyof C]: C[N];
      } extends infer All
    ? { readonly [N in keyof All]: All[N] }
    : never;
