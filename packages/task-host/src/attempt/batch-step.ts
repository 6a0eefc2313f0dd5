// Maps batches of records by kernels, where a map says in data what it does, the format where columns lie, and the sink
// can take what kernels give. What a kernel leaves goes record by record through the map: the same function, said in code.

import {
  type BatchStep,
  type KernelMemory,
  addCutLines,
  addLinesAsKeys,
  addPairsOfRecords,
  addPairsOfRows,
  addRows,
  columnsOfLayout,
  countWordsOfLines,
  isRowLayout,
  passLinesWithout,
  takeMatches,
} from "@millrace/data";
import type { BatchPlan, InputFormat, ParamValues } from "@millrace/sdk/engine";
import type { StageSink } from "./stage-sink.ts";

/** What a step is made of. */
export interface BatchStepOptions {
  readonly plan: BatchPlan;
  readonly format: InputFormat<unknown>;
  readonly sink: StageSink;
  /** Of the part whose function it is. */
  readonly params: ParamValues;
  /** Raises a counter of the job. */
  readonly count: (name: string, by?: number) => void;
  /** What that part's `setup` gave. */
  readonly state: unknown;
  /** Calls what may be a function of the job, as `emits` is one. */
  readonly guard: Guard;
}

/** @param name of the function. @returns what it gave. @throws what it threw, noted as the job's. */
type Guard = <T>(name: string, call: () => T) => T;

/** Make the step of a map. @returns undefined when records go through it one by one. */
export function openBatchStep(
  memory: KernelMemory,
  { plan, format, sink: { shuffle }, params, state, count, guard }: BatchStepOptions,
): BatchStep | undefined {
  switch (plan.kind) {
    case "rows": {
      const { layout } = format;
      if (shuffle === undefined || !isRowLayout(layout)) return undefined;
      const { program } = guard("map", () => plan.choose(columnsOfLayout(layout), params));
      const leave = (groupings: number): void => {
        plan.leave(state, groupings);
      };
      return program === undefined ? undefined : addRows(memory, { program, layout, output: shuffle, leave, count });
    }
    case "pairs":
      return shuffle !== undefined && format.layout?.kind === "pair"
        ? addPairsOfRecords(memory, shuffle, format.layout)
        : undefined;
    case "columns": {
      const { layout } = format;
      if (shuffle === undefined || !isRowLayout(layout)) return undefined;
      const chosen = guard("emits", () => plan.choose(columnsOfLayout(layout), params));
      return "program" in chosen
        ? addPairsOfRows(memory, { program: chosen.program, layout, output: shuffle })
        : undefined;
    }
    case "line-keys": {
      if (shuffle === undefined || format.layout?.kind !== "line") return undefined;
      const pair = guard("map", () => plan.choose(params));
      return pair === undefined ? undefined : addLinesAsKeys(memory, shuffle, pair);
    }
    case "line-cut": {
      const { column, separator } = guard("map", () => plan.choose(params));
      // A character of two bytes or more is no byte of ASCII, whatever its first unit.
      const byte = separator.length === 1 ? separator.charCodeAt(0) : 0x80;
      if (shuffle === undefined || format.layout?.kind !== "line" || plan.side === undefined || byte > 0x7f)
        return undefined;
      return addCutLines(memory, shuffle, { column, separator: byte, side: plan.side });
    }
    case "words":
      return shuffle !== undefined && format.layout?.kind === "line"
        ? countWordsOfLines(
            memory,
            shuffle,
            guard("map", () => plan.choose?.(params)),
          )
        : undefined;
    case "lines-with": {
      if (format.layout?.kind !== "line") return undefined;
      const text = guard("linesWith", () => plan.choose(params));
      return passLinesWithout(memory, new TextEncoder().encode(text));
    }
    case "matches": {
      if (format.layout?.kind !== "line") return undefined;
      const { pattern, required } = guard("map", () => plan.choose(params));
      const step = pattern === undefined || shuffle === undefined ? undefined : takeMatches(memory, shuffle, pattern);
      return step ?? passLinesWithout(memory, new TextEncoder().encode(required));
    }
  }
}
