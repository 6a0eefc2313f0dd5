// The storage steps of a job, each an effect whose reply is an event: what to do after "no" or "unknown" is decided
// in core/commit, never in a driver. Every call is idempotent or says which replies of a repetition are fine.

import type { OutputFile } from "./attempt-result.ts";
import type { PartFileOptions } from "./job-spec.ts";
import type { InputFile } from "./plan.ts";

/** One step on storage. URIs are absolute; the driver adds nothing. */
export type StorageCall =
  /**
   * Files that match the patterns of each input, in no particular order. Those of fewer than `wholeBelowBytes` bytes are
   * whole in any plan, so their compression may be left to who reads them; 0 when absent.
   */
  | {
      readonly kind: "list-inputs";
      readonly inputs: readonly (readonly string[])[];
      readonly wholeBelowBytes?: number;
    }
  /** Whether the target exists, what manifest it holds, and whether its parent can be written. */
  | { readonly kind: "inspect-output"; readonly uri: string }
  /** Make the directory and, without overwrite, its owner file that names the job. */
  | { readonly kind: "make-staging"; readonly uri: string; readonly owner: string }
  /** Lengths of files, -1 for one that is not there. */
  | { readonly kind: "measure"; readonly uris: readonly string[] }
  /** Rename each `from` to `to`; one whose `from` is gone and whose `to` exists is done already. */
  | { readonly kind: "place"; readonly moves: readonly { readonly from: string; readonly to: string }[] }
  /** All files below a directory with their lengths, names relative to it. */
  | { readonly kind: "list-files"; readonly uri: string }
  /** Write a small file whole (temporary name, sync, rename), as the files beside it are where that is asked for. */
  | { readonly kind: "write-file"; readonly uri: string; readonly text: string; readonly as?: PartFileOptions }
  /** Rename the data directory to the target, refusing one that exists. */
  | { readonly kind: "publish"; readonly from: string; readonly to: string }
  /** Rename a directory; refuses an existing target. */
  | { readonly kind: "rename"; readonly from: string; readonly to: string }
  /** Delete a directory and all below it; one that is not there is done. */
  | { readonly kind: "remove"; readonly uri: string };

/** How a storage step ended: `unknown` means that it may still happen, as after a time-out. */
export type StorageReply =
  | { readonly kind: "ok" }
  | { readonly kind: "listed-inputs"; readonly inputs: readonly ListedInput[] }
  | {
      readonly kind: "inspected";
      readonly exists: boolean;
      readonly empty: boolean;
      readonly manifestJob?: string;
      /** Name below the output of the first file that its manifest does not name: not ours to delete. */
      readonly foreign?: string;
      readonly parentWritable: boolean;
      /** Why the parent cannot be written, where storage says it. */
      readonly parentDenial?: WriteDenial;
    }
  | { readonly kind: "measured"; readonly bytes: readonly number[] }
  | { readonly kind: "listed-files"; readonly files: readonly { readonly name: string; readonly bytes: number }[] }
  /** Storage said no, for good: `exists`, `missing`, `denied`, `no-space` or `invalid`. */
  | {
      readonly kind: "refused";
      readonly reason: "exists" | "missing" | "denied" | "no-space" | "invalid";
      readonly message: string;
    }
  | { readonly kind: "unknown"; readonly message: string };

/** Why no new name can be made in a directory. */
export interface WriteDenial {
  /** `invalid` for what is no directory. */
  readonly reason: "missing" | "denied" | "invalid";
  /** Storage's own words for people, with the user whom it denies it to where it names one. */
  readonly because: string;
}

/** What one input's patterns matched, or why it could not be listed. */
export interface ListedInput {
  readonly files: readonly InputFile[];
  /** Files and directories passed over since their name begins with `_` or `.`. */
  readonly skipped: number;
  /** Patterns that matched nothing at all. */
  readonly unmatched: readonly string[];
  /** Files that this version cannot read, with the reason, such as a codec by name; and patterns of too many files. */
  readonly refused: readonly {
    readonly uri: string;
    readonly reason: string;
    /** `E_UNSUPPORTED_CODEC` when absent. */
    readonly code?: "E_UNSUPPORTED_CODEC" | "E_INPUT_READ" | "E_TOO_LARGE";
  }[];
}

/** A part file as the manifest `_SUCCESS` names it. */
export interface ManifestPart extends Omit<OutputFile, "path"> {
  /** Path below the output directory. */
  readonly name: string;
}

/** The content of `_SUCCESS`: enough for anyone to verify an output. */
export interface Manifest {
  readonly format: "millrace-manifest";
  readonly version: 1;
  readonly job: string;
  readonly name: string;
  readonly planHash: string;
  readonly parts: readonly ManifestPart[];
  readonly counters: Readonly<Record<string, number>>;
}
