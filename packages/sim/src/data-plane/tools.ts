// What the data plane is handed in the simulator: the pure CRC, no compression, and small budgets.

import { crc32 } from "@millrace/data";
import type { RunTools } from "@millrace/data";

export { crc32 };

/** Tools of every run in the simulator. */
export const runTools: RunTools = { crc32, codecs: [] };

/** The least budget that the data plane takes. */
export const mapMemoryBytes = 64 * 1024;
