// Tools of the types: what keeps inference where it belongs and messages short.

declare const brand: unique symbol;
/** The default of a type parameter that nothing in the definition decides. */
export interface Unset {
  readonly [brand]: "unset";
}
/** Whether a type parameter kept its default. */
export type IsUnset<T> = [T] extends [Unset] ? true : false;

/** Lists the members in hovers, not the alias that computed them. */
export type Plain<T> = { readonly [N in keyof T]: T[N] } & {};

/**
 * `NoInfer` without its trace. `NoInfer<{ ms: number }>` stays visible in every hover and message; this is evaluated
 * away. It blocks inference only around a bare type parameter: write `Emit<Fixed<K>, Fixed<V>>`, never `Fixed<Emit<K, V>>`.
 */
// eslint-disable-next-line typescript/no-explicit-any
export type Fixed<T> = [T][T extends any ? 0 : never];

/**
 * Defaults whose names are the message: "Property 'regex' does not exist on type 'NoSetupBeforeMap'". Exported, like
 * every type that a job's type mentions: else an author with `declaration: true` gets TS4023 at `export default`.
 */
export interface NoSetupBeforeMap {
  readonly [brand]: "setup";
}
/** What a job without main output emits: nothing. */
export interface NoMainOutput {
  readonly [brand]: "output";
}

/** What combine is given for named outputs: it runs as often as the plan says, so what it wrote would be there as often. */
export interface NoOutputsInCombine {
  readonly [brand]: "combine";
}

/** The member of `T` named `N`; `never` without one. */
export type At<T, N> = N extends keyof T ? T[N] : never;
