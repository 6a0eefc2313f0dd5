// What a reduce function does, said in data: an engine with kernels then does it for many pairs at once, without an object
// for each, and with the same result. The function remains what it means.

import type { JoinKind } from "@millrace/data";
import type { ParamValues } from "./user-functions.ts";

/** What is done with groups. */
export type ReducePlan = PairsPlan | LinesPlan | JoinedTextsPlan;

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
  /** Whether before the text may also stand an optional double that is there, which is left out. */
  readonly numbers?: boolean;
  /** Whether a key makes one, whatever its values. */
  readonly once: boolean;
}

/**
 * Emit, for a join of two inputs whose values are texts, a text of the key, the first input's value and the second's, one
 * for each two of a key; or for what has nothing on the other side, by the kind of join.
 */
export interface JoinedTextsPlan {
  readonly kind: "joined-texts";
  /** Say what kind of join it is. */
  readonly choose: (params: ParamValues) => JoinKind;
  /** What a join throws for a key whose first values take too much memory. Set by the join. */
  readonly limits?: JoinLimits;
}

/** What the values that a join keeps of one key may take. */
export interface JoinLimits {
  /** Bytes of all. */
  readonly bytesMax: number;
  /** Bytes of one beside its encoding. */
  readonly overheadBytes: number;
  /** What is thrown for more. */
  readonly tooLarge: (key: unknown, count: number) => Error;
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
