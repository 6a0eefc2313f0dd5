// What a reduce function does, said in data: an engine with kernels then does it for many pairs at once, without an object
// for each, and with the same result. The function remains what it means.

import type { ParamValues } from "./user-functions.ts";

/** What is done with groups. */
export type ReducePlan = PairsPlan | LinesPlan;

/** Emit `{ key, value }` for each value of each key. */
export interface PairsPlan {
  readonly kind: "pairs";
}

/** Emit a text for each value of a key, or one for each key. */
export interface LinesPlan {
  readonly kind: "lines";
  /** Say how texts come from keys; undefined when they do not. */
  readonly choose: (params: ParamValues) => LinesChoice | undefined;
  /** Wire form of keys. */
  readonly keyWire: unknown;
  /** The text of a key. */
  readonly textOf: (key: unknown) => string;
}

/** How texts come from keys. */
export interface LinesChoice {
  /** Bytes of an encoded key before the text, which is its rest: where they are zero it is as it stands. */
  readonly skip: number;
  /** Whether a key makes one, whatever its values. */
  readonly once: boolean;
}

const reducePlanSymbol: unique symbol = Symbol.for("millrace.reducePlan");

/** Say of a reduce function what it does. @returns the same function. */
export function withReducePlan<F extends object>(reduce: F, plan: ReducePlan): F {
  return Object.assign(reduce, { [reducePlanSymbol]: plan });
}

/** What a reduce function says of itself; most say nothing. */
export function reducePlanOf(reduce: unknown): ReducePlan | undefined {
  return typeof reduce === "function" ? (reduce as { [reducePlanSymbol]?: ReducePlan })[reducePlanSymbol] : undefined;
}
