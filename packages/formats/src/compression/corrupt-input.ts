// The error of compressed data that is damaged, with the file and the place.

import { type CompressionCodec, MillraceError, quote } from "@millrace/core";

/** What is wrong where. */
export interface Corruption {
  readonly codec: Exclude<CompressionCodec, "none">;
  /** In the compressed file. */
  readonly offset: number;
  /** A clause such as `a member is cut off`. */
  readonly reason: string;
  readonly cause?: unknown;
}

/** Make the error. */
export function corruptInput(uri: string, { codec, offset, reason, cause }: Corruption): MillraceError {
  return new MillraceError(
    "E_INPUT_CORRUPT",
    `Cannot decompress ${quote(uri)}: ${codec} data, ${reason}, at byte ${offset}; mend the file or leave it out`,
    { details: { uri, offset }, ...(cause === undefined ? {} : { cause }) },
  );
}

/** Whether an error came from a decompressing stream rather than from the source. */
export function isEngineError(thrown: unknown): thrown is Error & { readonly code: string } {
  return (
    thrown instanceof Error &&
    "code" in thrown &&
    typeof thrown.code === "string" &&
    /^(?:Z_|ZSTD_|ERR_ZSTD)/u.test(thrown.code)
  );
}
