// One number for a plan: two jobs with the same hash read the same bytes in the same tasks. It stands in the manifest
// and seeds the job's random numbers, so it must never depend on where blocks lie: hosts are left out.

import { createHash128 } from "../digest/murmur-hash.ts";
import type { Plan } from "../model/plan.ts";

/**
 * Hash all of a plan but hosts and the hash itself: a 128-bit MurmurHash3 over counts, numbers and length-marked texts
 * in the order of the fields. Linear in splits and the length of their URIs.
 * @returns 32 lower-case hexadecimal digits.
 */
export function planHash(plan: Omit<Plan, "hash">): string {
  const hash = createHash128();
  hash.addUint32(plan.stages.length);
  plan.stages.forEach((stage, index) => {
    hash.addText(stage.kind);
    hash.addInteger(stage.tasks);
    hash.addInteger(stage.partitions);
    hash.addInteger(stage.reads);
    const splits = plan.splits[index] ?? [];
    hash.addUint32(splits.length);
    for (const split of splits) {
      hash.addUint32(split.input);
      hash.addUint32(split.parts.length);
      for (const part of split.parts) {
        hash.addText(part.uri);
        hash.addInteger(part.offset);
        hash.addInteger(part.bytes);
        hash.addInteger(part.fileBytes);
        hash.addInteger(part.modifiedMs);
        hash.addText(part.codec);
      }
    }
  });
  hash.addInteger(plan.inputFiles);
  hash.addInteger(plan.inputBytes);
  hash.addInteger(plan.skippedFiles);
  return hash.digest();
}
