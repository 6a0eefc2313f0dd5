// Kernels that find columns and group rows. Places are addresses in the memory; up to 16 bytes beyond an end are read.

import { aggregateCode } from "./aggregate-code.ts";
import type { KernelModule } from "./kernel-module.ts";

/** What kernels/aggregate.ts gives. */
export interface RowKernels {
  /** See kernels/aggregate-log.ts. */
  readonly findLogFields: (
    base: number,
    offsets: number,
    count: number,
    columns: number,
    left: number,
    times: number,
  ) => void;
  /** See kernels/aggregate-json.ts. */
  readonly findJsonFields: (
    base: number,
    offsets: number,
    count: number,
    fields: number,
    fieldCount: number,
    left: number,
  ) => void;
  /** See kernels/aggregate-rows.ts. */
  readonly addRows: (table: number, program: number, left: number, from: number, to: number, keys: number) => number;
  /** See kernels/aggregate-rows.ts. */
  readonly countRows: (program: number, left: number, count: number) => number;
  readonly rowsAdded: { readonly value: number };
}

export const rowKernels: KernelModule<RowKernels> = { name: "aggregate", code: aggregateCode };
