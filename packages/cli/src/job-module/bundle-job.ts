// Make one self-contained module of a job file and all that it imports, except Millrace itself, which the task host
// gives. Named by its SHA-256, so equal sources make equal bundles.

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { MillraceError, limits, quote } from "@millrace/core";
import type { BundleRef } from "@millrace/core";
import type { FoundJob } from "./find-job.ts";

/** A bundle: its name and its bytes. */
export interface Bundle extends BundleRef {
  readonly source: Uint8Array;
}

/** Bundle a job. @throws {MillraceError} E_JOB_MODULE with file, line and column when it cannot be bundled, E_TOO_LARGE. */
export async function bundleJob(job: FoundJob): Promise<Bundle> {
  const source = job.shipped ? readFileSync(job.path) : await bundleFile(job.path);
  if (source.length > limits.bundleBytesMax) {
    throw new MillraceError(
      "E_TOO_LARGE",
      `Cannot bundle ${quote(job.path)}: ${source.length} bytes, more than ${limits.bundleBytesMax}; import less`,
    );
  }
  return { sha256: createHash("sha256").update(source).digest("hex"), bytes: source.length, source };
}

async function bundleFile(path: string): Promise<Uint8Array> {
  const { build } = await import("esbuild");
  try {
    const result = await build({
      absWorkingDir: dirname(path),
      entryPoints: [basename(path)],
      bundle: true,
      write: false,
      format: "esm",
      platform: "node",
      target: "node22",
      external: ["millrace", "millrace/*"],
      sourcemap: "inline",
      sourcesContent: false,
      charset: "utf8",
      legalComments: "none",
      logLevel: "silent",
      outfile: "job.mjs",
    });
    return result.outputFiles[0]?.contents ?? new Uint8Array();
  } catch (cause) {
    throw new MillraceError(
      "E_JOB_MODULE",
      `Cannot bundle the job file ${quote(path)}: ${firstMessage(cause)}; mend it there`,
      { cause },
    );
  }
}

/** Give esbuild's first error as `text at file:line:column`. */
function firstMessage(cause: unknown): string {
  const errors = (
    cause as { errors?: readonly { text: string; location: { file: string; line: number; column: number } | null }[] }
  ).errors;
  const first = errors?.[0];
  if (first === undefined) return cause instanceof Error ? cause.message : String(cause);
  const place =
    first.location === null ? "" : ` at ${first.location.file}:${first.location.line}:${first.location.column + 1}`;
  return `${first.text}${place}`;
}
