// What came with a submission, held against its spec: the bundle and each side file must be what the spec names.

import { createHash } from "node:crypto";
import { MillraceError, limits, payloadBytes, payloadParts, quote } from "@millrace/core";
import type { JobSpec } from "@millrace/core";
import type { JobContents } from "./state/state-directory.ts";

/**
 * Take a payload apart. The contents are views of it.
 * @throws {MillraceError} E_JOB_INVALID when its length or a digest is another than the spec's, E_TOO_LARGE.
 */
export function openPayload(spec: JobSpec, payload: Uint8Array): JobContents {
  const total = payloadBytes(spec);
  if (spec.bundle.bytes > limits.bundleBytesMax)
    throw new MillraceError(
      "E_TOO_LARGE",
      `Cannot submit ${quote(spec.name)}: the bundle has ${spec.bundle.bytes} bytes, more than ${limits.bundleBytesMax}; import less`,
    );
  if (payload.length !== total)
    throw new MillraceError(
      "E_JOB_INVALID",
      `Cannot submit ${quote(spec.name)}: ${payload.length} bytes came instead of the ${total} of its bundle and side files; send it again`,
    );
  const [bundle, ...files] = payloadParts(spec).map(({ sha256, offset, bytes }, index) => {
    const content = payload.subarray(offset, offset + bytes);
    checkDigest(
      content,
      sha256,
      index === 0 ? "the bundle" : `the side file ${quote(spec.files?.[index - 1]?.name ?? "")}`,
    );
    return { sha256, content };
  });
  return {
    bundle: bundle?.content ?? payload,
    files: new Map(files.map(({ sha256, content }) => [sha256, content])),
  };

  function checkDigest(content: Uint8Array, wanted: string, what: string): void {
    const digest = createHash("sha256").update(content).digest("hex");
    if (digest === wanted) return;
    throw new MillraceError(
      "E_JOB_INVALID",
      `Cannot submit ${quote(spec.name)}: the digest of ${what} is ${digest}, but the job says ${quote(wanted)}; send it again`,
    );
  }
}
