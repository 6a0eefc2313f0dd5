// All micro-benches, in the order of the data's way.

import type { KernelBench } from "./kernel-bench.ts";
import { lineBench } from "./line-bench.ts";
import { mapBenches } from "./map-benches.ts";
import { mergeBenches } from "./merge-benches.ts";
import { queueBenches } from "./queue-benches.ts";

export const kernelBenches: readonly KernelBench[] = [lineBench, ...mapBenches, ...queueBenches, ...mergeBenches];
