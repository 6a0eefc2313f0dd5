// What a commit is at some moment, what happens to it, and what it asks for. The machine is in commit-machine.ts.

import type { AttemptFailure } from "../model/attempt-result.ts";
import type { JobRecord } from "../model/records.ts";
import type { StorageCall, StorageReply } from "../model/storage-call.ts";
import { emptyCommitProgress } from "./commit-progress.ts";
import type { CommitProgress } from "./commit-progress.ts";

/** Which storage call is out, or due after the wait. `look-…` steps inspect the output. */
export type CommitStep =
  | "idle"
  | "look-recovered"
  | "place"
  | "manifest"
  | "place-manifest"
  | "check"
  | "look-old"
  | "aside"
  | "look-aside"
  | "publish"
  | "look-published"
  | "void"
  | "look-void"
  | "rollback"
  | "remove-aside"
  | "ended";

/** A commit at some moment. Immutable: `stepCommit` gives the next one. */
export interface CommitState {
  readonly progress: CommitProgress;
  readonly step: CommitStep;
  /** Whether the step's call is out; else its wait runs. */
  readonly asked: boolean;
  /** First move of the batch that is being placed. */
  readonly moveAt: number;
  /** Calls of this step that ended in `unknown`, in a row. */
  readonly tries: number;
  /** Calls of `aside`, or of `publish`, so that doing and looking do not alternate for ever. */
  readonly rounds: number;
  /** A reply to the aside's rename was lost, so it may still run: the aside's name must stay taken. */
  readonly asideAtLarge: boolean;
  /** A reply to a publish was lost, so it may still run: no failure before `data` has another name. */
  readonly publishAtLarge: boolean;
  /** Which `data.void` name is tried. */
  readonly voidIndex: number;
  /** Why the way back will be taken, unless a look finds the output published. */
  readonly suspicion?: AttemptFailure;
}

/** Make the state of a commit that is not running: fresh, or with the progress that a replay gave. */
export function createCommitState(progress: CommitProgress = emptyCommitProgress): CommitState {
  return {
    progress,
    step: "idle",
    asked: false,
    moveAt: 0,
    tries: 0,
    rounds: 0,
    asideAtLarge: false,
    publishAtLarge: false,
    voidIndex: 0,
  };
}

/** What happens to a commit. `wallMs` only goes into records. */
export type CommitEvent =
  /** All laws hold: begin. */
  | { readonly kind: "begin"; readonly wallMs: number }
  /** The journal was replayed: it says `committing` and no end of the job. */
  | { readonly kind: "recovered"; readonly wallMs: number }
  /** The answer to the call that is out; the caller drops answers to any other. */
  | { readonly kind: "replied"; readonly reply: StorageReply; readonly wallMs: number }
  /** The wait that was asked for is over. */
  | { readonly kind: "waited"; readonly wallMs: number };

/** How a commit ended. */
export type CommitOutcome =
  /** `asideLeft`: the old output lies there still; the last sweep may remove it, see `finalSweepUris`. */
  | { readonly kind: "published"; readonly asideLeft?: string }
  | { readonly kind: "failed"; readonly failure: AttemptFailure };

/**
 * What one step decided: records first and durable, then one of `call`, `waitMs` and `outcome`; none of
 * them when the event was stale.
 */
export interface CommitDecision {
  readonly state: CommitState;
  readonly records: readonly JobRecord[];
  readonly call?: StorageCall;
  /** Send `waited` after this time. */
  readonly waitMs?: number;
  readonly outcome?: CommitOutcome;
}
