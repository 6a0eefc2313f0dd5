// What travels with a spec: one run of bytes, the bundle first, then each side file in the spec's order. The spec says
// how long each is, so that nothing else need be said.

import type { JobSpec } from "../model/job-spec.ts";

/** One content of a payload: where it lies and what it must hash to. */
export interface PayloadPart {
  readonly sha256: string;
  readonly offset: number;
  readonly bytes: number;
}

/** Give the contents of a submission's payload in order: they tile it. The first is the bundle. */
export function payloadParts(spec: Pick<JobSpec, "bundle" | "files">): readonly PayloadPart[] {
  let end = 0;
  return [spec.bundle, ...(spec.files ?? [])].map(({ sha256, bytes }) => {
    const offset = end;
    end += bytes;
    return { sha256, offset, bytes };
  });
}

/** Give the length of a submission's payload. */
export function payloadBytes(spec: Pick<JobSpec, "bundle" | "files">): number {
  return payloadParts(spec).reduce((sum, { bytes }) => sum + bytes, 0);
}
