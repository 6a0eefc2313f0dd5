// The digest of bytes that lie in kernel memory.

import type { MurmurBlocks } from "../hash/murmur128.ts";
import type { KernelMemory } from "../memory/kernel-memory.ts";
import { runKernels } from "./run-kernels.ts";

// Behind the arguments of other kernels.
const stateAt = 4080;

/** Open the kernel. @returns undefined where there is none. */
export function openMurmurKernel(memory: KernelMemory | undefined): MurmurBlocks | undefined {
  const place = memory?.place;
  const kernels = memory?.open(runKernels);
  if (place === undefined || kernels === undefined) return undefined;
  const at = place.block + stateAt;
  const words = place.words.subarray(at >>> 2, (at >>> 2) + 4);
  return {
    take: (state, bytes, start, end) => {
      if (bytes.buffer !== place.bytes.buffer) return false;
      words.set(state);
      kernels.murmurBlocks(at, bytes.byteOffset + start, bytes.byteOffset + end);
      state.set(words);
      return true;
    },
  };
}
