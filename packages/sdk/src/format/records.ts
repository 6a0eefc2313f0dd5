// Records in memory, between the jobs of a chain: a format that no file has.

import type { Codec } from "@millrace/data";
import { MillraceError } from "@millrace/core";
import { withoutOptions } from "../codec/compound.ts";
import { type ColumnsOf, columnsOfWire, createTable } from "../expression/table.ts";
import type { Format, InputFormat, OutputFormat } from "./format.ts";

/**
 * Records in memory between the jobs of a {@link chain}: what the job before writes. Its fields stand on it as columns,
 * as those of a table do. No file has this format: a job whose first input or last output it is cannot be run alone.
 *
 * The records are handed on as they are, without being encoded: the codec says what they are, for the types and for the
 * check that two jobs fit.
 *
 * @example
 * ```ts
 * const counted = records(object({ key: text(), value: int() }));
 * ```
 */
export function records<T, W>(codec: Codec<T, W>): Format<T> & ColumnsOf<W> {
  const { wire } = withoutOptions(codec);
  const input: InputFormat<T> = {
    name: recordsName,
    splitting: "none",
    framing: { kind: "whole-file" },
    between: true,
    wire,
    createReader: noFile,
  };
  const output: OutputFormat<T> = { name: recordsName, extension: "", between: true, wire, createWriter: noFile };
  return createTable(input, columnsOfWire(wire), output) as unknown as Format<T> & ColumnsOf<W>;
}

const recordsName = "records";

function noFile(): never {
  throw new MillraceError(
    "E_JOB_INVALID",
    "Cannot read or write a file as records(): it stands for records in memory between the jobs of a chain; use a format of files, such as jsonLines()",
  );
}
