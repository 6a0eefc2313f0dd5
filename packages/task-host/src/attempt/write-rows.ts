// Writes the groups of a reduce by kernels, where the reduce says in data what it does and the format how its rows lie.
// What a kernel leaves is written record by record: the same records.

import { bytesCodec, presentsDouble, textCodec } from "@millrace/data";
import type { ReduceInput, RowPlan } from "@millrace/data";
import type { OutputFormat, ParamValues, ReduceProgram, ShuffleProgram } from "@millrace/sdk/engine";
import { meterCells } from "./attempt-meter.ts";
import type { AttemptRun } from "./attempt-run.ts";
import type { OutputFileWriter } from "./output-file.ts";

/** What rows come from. */
export interface RowSource {
  readonly reduce: ReduceProgram;
  readonly shuffle: ShuffleProgram;
  readonly format: OutputFormat<never>;
  /** Of the part whose function the reduce is. */
  readonly params: ParamValues;
}

/** How rows are made, and the record of a pair or a key that a kernel leaves. */
export interface Rows {
  readonly plan: RowPlan;
  readonly recordOf: (key: unknown, value: unknown) => unknown;
}

const pairOf = (key: unknown, value: unknown): unknown => ({ key, value });

/** Say how kernels make rows. @returns undefined when each group goes through the reduce. */
export function rowsOf({ reduce, shuffle, format: { rows }, params }: RowSource): Rows | undefined {
  const { key, pairs } = shuffle;
  if (reduce.kind === "present") {
    const counts = pairs.kind === "state" && presentsDouble(pairs.aggregator) && key.wire === textCodec.wire;
    return counts && rows?.kind === "table" ? { plan: { kind: "sums" }, recordOf: pairOf } : undefined;
  }
  const { plan } = reduce;
  if (plan === undefined || pairs.kind !== "value" || shuffle.orderBy !== undefined) return undefined;
  if (plan.kind === "lines") {
    const isKnown = JSON.stringify(key.wire) === JSON.stringify(plan.keyWire);
    const choice = rows?.kind === "line" && isKnown ? plan.choose(params) : undefined;
    return choice === undefined ? undefined : { plan: { kind: "lines", ...choice }, recordOf: plan.textOf };
  }
  const areBytes = key.wire === bytesCodec.wire && pairs.value.wire === bytesCodec.wire;
  if (rows?.kind !== "pair" || !areBytes) return undefined;
  const { keyBytes, valueBytes } = rows;
  return { plan: { kind: "rows", keyBytes, valueBytes }, recordOf: pairOf };
}

/** Where rows go. */
export interface RowsInto {
  readonly file: OutputFileWriter;
  readonly rows: Rows;
  readonly write: NonNullable<ReduceInput<unknown, unknown, unknown>["writeRows"]>;
}

/** Write all groups. @throws {MillraceError} E_VALUE_INVALID, E_OUTPUT_WRITE; {DataError} E_SEGMENT, E_WORK_DISK. */
export function writeRows(run: AttemptRun, { file, rows: { plan, recordOf }, write }: RowsInto): void {
  const { meter } = run.input;
  const guarded = (act: () => void): void => {
    try {
      act();
    } catch (thrown) {
      throw run.files.noteFailure(thrown, file.output, run.part);
    }
    meter[meterCells.emitted] = file.records;
  };
  const one = (key: unknown, value: unknown): void => {
    guarded(() => {
      file.write(recordOf(key, value));
    });
  };
  const { firstKey, lastKey } = write(plan, {
    rows: (bytes, records) => {
      guarded(() => {
        file.writeRows(bytes, records);
      });
    },
    pair: one,
    result: one,
    progress: (pairs) => {
      meter[meterCells.records] = pairs;
      meter[meterCells.done] = pairs;
    },
  });
  if (firstKey !== undefined && lastKey !== undefined) file.noteKeys(firstKey, lastKey);
}
