// Operators one after the other: what one emits is the record of the next, without an object for it.

import type { Operator, StepEmit } from "@millrace/sdk/engine";
import type { AttemptRun, Caller } from "./attempt-run.ts";

/** The function that emits into the sink of a stage: its last operator, or else `before`. */
export function lastCaller(operators: readonly Operator[], before: Caller): Caller {
  const last = operators.at(-1);
  return last === undefined ? before : { name: "map", part: last.part };
}

/**
 * Make the `emit` that hands records through `operators`, in their order, into `sink`.
 *
 * @param caller - the function that is given it.
 */
export function chainOperators(
  run: AttemptRun,
  operators: readonly Operator[],
  { sink, caller }: { readonly sink: StepEmit; readonly caller: Caller },
): StepEmit {
  let emit = sink;
  for (let index = operators.length - 1; index >= 0; index--) {
    const operator = operators[index];
    if (operator === undefined) continue;
    emit = intoOperator(run, operator, { next: emit, caller: lastCaller(operators.slice(0, index), caller) });
  }
  return emit;
}

function intoOperator(
  run: AttemptRun,
  { map, part }: Operator,
  { next, caller }: { readonly next: StepEmit; readonly caller: Caller },
): StepEmit {
  const { gate, note } = run;
  const scope = run.scope(part);
  const { name } = caller;
  return (record) => {
    if (gate.running !== name) run.refuseEmit(caller);
    gate.running = "map";
    try {
      const returned = map(record, next, scope.context);
      if (returned !== undefined) run.checkReturned(returned, "map");
    } catch (thrown) {
      // It passes through the function that emitted: unless it is noted here, that one would be blamed.
      throw note.note(thrown, { running: "map", part });
    }
    gate.running = name;
  };
}
