// The memory of a slot, with kernels. A failpoint takes them away, as a machine without vectors does: what comes out is
// the same.

import { KernelMemory, createKernelMemory } from "@millrace/data";
import { failpoint } from "@millrace/ports";

/** Make a slot's memory at its full size: untouched pages cost nothing. @param bytes - a multiple of 8. */
export function createSlotMemory(bytes: number): KernelMemory {
  try {
    failpoint("host.beforeKernels");
  } catch {
    return new KernelMemory(bytes, new SharedArrayBuffer(bytes));
  }
  return createKernelMemory(bytes);
}
