// What a map function does, said in data: an engine with kernels then does it for many records at once, without a string
// or an object for each, and with the same result. The function remains what it means, and takes what kernels leave.

/** What is done with a batch of records. */
export type BatchPlan = WordsPlan;

/** Emit each word of a text with the value 1, words being what stands between white space (`\s`). */
export interface WordsPlan {
  readonly kind: "words";
}

const batchPlanSymbol: unique symbol = Symbol.for("millrace.batchPlan");

/** Say of a map function what it does. @returns the same function. */
export function withBatchPlan<F extends object>(map: F, plan: BatchPlan): F {
  return Object.assign(map, { [batchPlanSymbol]: plan });
}

/** What a map function says of itself; most say nothing. */
export function batchPlanOf(map: unknown): BatchPlan | undefined {
  return typeof map === "function" ? (map as { [batchPlanSymbol]?: BatchPlan })[batchPlanSymbol] : undefined;
}
