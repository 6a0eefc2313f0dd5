// Which parts of a map kernels do, in words, and what goes record by record through its function. What is said here is what
// a task host decides, on a machine that has WebAssembly with SIMD.

import { type RowLayout, columnsOfLayout, countsInDouble, isRowLayout } from "@millrace/data";
import type {
  BatchPlan,
  InputFormat,
  Operator,
  PairsChoice,
  ParamValues,
  RowsChoice,
  ShuffleProgram,
} from "@millrace/sdk/engine";

/** A map and what is around it. */
export interface KernelPlace {
  readonly format: InputFormat<unknown>;
  readonly operators: readonly Operator[];
  readonly shuffle: ShuffleProgram | undefined;
  readonly params: ParamValues;
}

/** Say what runs where: a line or two. */
export function kernelText({ format, operators, shuffle, params }: KernelPlace): readonly string[] {
  const [first, ...rest] = operators;
  const byRecord = [`record by record: the map${rest.length > 0 ? "s" : ""}`];
  if (first?.mapBatch !== undefined && format.layout?.kind === "line")
    return ["in batches of lines: the map", ...(rest.length > 0 ? ["record by record: the maps behind it"] : [])];
  if (first?.batch === undefined || rest.length > 0) return byRecord;
  return textOf(first.batch, { format, shuffle, params }) ?? byRecord;
}

function textOf(
  plan: BatchPlan,
  { format, shuffle, params }: Omit<KernelPlace, "operators">,
): readonly string[] | undefined {
  const isHashed = shuffle?.partition.kind === "hash";
  switch (plan.kind) {
    case "rows":
      return isRowLayout(format.layout) && isHashed
        ? rowsText(plan.choose(columnsOfLayout(format.layout), params), format.layout)
        : undefined;
    case "pairs":
      return format.layout?.kind === "pair" && shuffle !== undefined ? ["by kernels: pairs of records"] : undefined;
    case "columns":
      return isRowLayout(format.layout) && isHashed
        ? pairsText(plan.choose(columnsOfLayout(format.layout), params), format.layout)
        : undefined;
    case "line-keys":
      return format.layout?.kind === "line" && shuffle !== undefined && plan.choose(params) !== undefined
        ? ["by kernels: lines of ASCII as keys; record by record: other lines"]
        : undefined;
    case "line-cut":
      return format.layout?.kind === "line" && isHashed && plan.choose(params).separator.length === 1
        ? ["by kernels: columns of lines of ASCII; record by record: other lines"]
        : undefined;
    case "words":
      return format.layout?.kind === "line" && isHashed && isCounting(shuffle)
        ? [
            plan.choose?.(params) === "letters"
              ? "by kernels: words of letters and their counts; record by record: lines with bytes that are no UTF-8, or characters of four bytes"
              : "by kernels: words and their counts; record by record: lines with bytes that are no UTF-8",
          ]
        : undefined;
    case "matches": {
      if (format.layout?.kind !== "line") return undefined;
      const { pattern, required } = plan.choose(params);
      if (pattern !== undefined && isHashed && isCounting(shuffle))
        return ["by kernels: matches in lines of ASCII and their counts; record by record: other lines"];
      return linesWithText(required);
    }
    case "lines-with":
      return format.layout?.kind === "line" ? linesWithText(plan.choose(params)) : undefined;
  }
}

function linesWithText(text: string): readonly string[] | undefined {
  return text === ""
    ? undefined
    : [`by kernels: lines of ASCII without "${text}" are passed over; record by record: the others`];
}

function isCounting(shuffle: ShuffleProgram): boolean {
  const { pairs, key } = shuffle;
  return pairs.kind === "state" && countsInDouble(pairs.aggregator) && key.wire === "text";
}

function rowsText({ program, left, done }: RowsChoice, { kind }: RowLayout): readonly string[] {
  const reasons = left.map(({ name, reason }) => `${name} (${reason})`);
  if (program === undefined) return [`record by record: ${reasons.join(", ")}`];
  return [`by kernels: ${done.join(", ")}`, `record by record: ${[...reasons, leftLines[kind]].join(", ")}`];
}

/** Which records kernels leave. */
const leftLines: Readonly<Record<RowLayout["kind"], string>> = {
  json: "lines that are no flat objects of plain values",
  log: "lines with escapes or other characters than ASCII",
  pattern: "lines with escapes, lists of several, long numbers or other characters than ASCII",
  metrics: "comments, and samples with exemplars, labels out of order, long numbers or other characters than ASCII",
};

function pairsText(chosen: PairsChoice, { kind }: RowLayout): readonly string[] {
  if ("reason" in chosen) return [`record by record: the map (${chosen.reason})`];
  return ["by kernels: pairs of columns", `record by record: what "emits" leaves to the map, ${leftLines[kind]}`];
}
