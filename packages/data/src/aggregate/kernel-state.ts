// Which aggregators kernels may stand in for: those whose functions are still what the state's name promises. An author may
// spread one of ours and replace a function, `{ ...sum(), present: … }`: what kernels do is then not what was asked for.

import type { Aggregator, KernelState } from "./aggregator.ts";

type AnyAggregator = Aggregator<never, unknown>;

/** Aggregators as they were made, by the one of their functions that tells them from others. */
const made = new WeakMap<AnyAggregator["add"], AnyAggregator>();

/** Say that the functions of an aggregator do what its `kernelState` promises. @returns it. */
export function keepKernelState<A extends AnyAggregator>(aggregator: A): A {
  made.set(aggregator.add, aggregator);
  return aggregator;
}

/** The state that kernels may fold and encode in the aggregator's place; undefined when there is none. */
export function kernelStateOf(aggregator: AnyAggregator): KernelState | undefined {
  const as = made.get(aggregator.add);
  return as !== undefined && as.merge === aggregator.merge && as.encode === aggregator.encode
    ? as.kernelState
    : undefined;
}

/** Whether the state, while it has its empty length, is a little-endian double, to which adding the value 1 adds 1. */
export function countsInDouble(aggregator: AnyAggregator): boolean {
  const state = kernelStateOf(aggregator);
  return state === "count" || state === "sum";
}

/** Whether it counts in a double and presents that number. */
export function presentsDouble(aggregator: AnyAggregator): boolean {
  return countsInDouble(aggregator) && made.get(aggregator.add)?.present === aggregator.present;
}
