// The commit of a job: one storage call at a time, its reply the next event. What is durable is in the job's journal;
// everything else can be lost and is found again in storage. Output is complete or absent, appears once, and an old
// output is never lost.
//
//   way out:  place → manifest → place-manifest → check → [look-old → aside] → publish → [remove-aside] → published
//   way back: void → look-void → [rollback] → failed
//
// An output whose `_SUCCESS` names this job is published, whatever replies said: every refusal is checked against that
// before the way back, and a restart begins with it. A rename whose reply was lost may still run later: the job fails
// only when `data` has another name, and the aside's name stays taken.

import { assertNever, invariant } from "../errors/invariant.ts";
import type { ErrorCode } from "../errors/error-table.ts";
import { limits } from "../limits.ts";
import type { AttemptFailure } from "../model/attempt-result.ts";
import type { JobRecord } from "../model/records.ts";
import type { StorageReply } from "../model/storage-call.ts";
import { quote } from "../errors/millrace-error.ts";
import { asideOf, commitCall } from "./commit-calls.ts";
import type { CommitBounds } from "./commit-calls.ts";
import { listingFault } from "./listing-fault.ts";
import type { CommitOrder } from "./commit-order.ts";
import { applyCommitRecord } from "./commit-progress.ts";
import type { CommitDecision, CommitEvent, CommitOutcome, CommitState, CommitStep } from "./commit-state.ts";

/** One turn of the machine: what it works on, and the records that it has made so far. */
interface Turn {
  readonly order: CommitOrder;
  readonly state: CommitState;
  readonly records: readonly JobRecord[];
  readonly wallMs: number;
  readonly bounds: CommitBounds;
}

type Reply<Kind extends StorageReply["kind"]> = Extract<StorageReply, { readonly kind: Kind }>;

/** Decide the next step of a commit. Pure and total: every (state, event) has its answer. */
export function stepCommit(
  order: CommitOrder,
  state: CommitState,
  event: CommitEvent,
  bounds: CommitBounds = limits,
): CommitDecision {
  const turn: Turn = { order, state, records: [], wallMs: event.wallMs, bounds };
  switch (event.kind) {
    case "begin":
      return placeAll(record(turn, { kind: "committing", wallMs: event.wallMs }));
    case "recovered":
      return recover(turn);
    case "waited":
      return state.asked ? { state, records: [] } : send(turn, state);
    case "replied":
      return state.asked ? replied(turn, event.reply) : { state, records: [] };
    default:
      return assertNever(event, "commit event");
  }
}

/** Whether a rename on this storage may run after its reply was lost: one on a local disk is done or not. */
function mayLinger(order: CommitOrder): boolean {
  return !order.outputUri.startsWith("file:");
}

function recover(turn: Turn): CommitDecision {
  const { progress } = turn.state;
  invariant(progress.committing, "a commit is recovered that never began");
  const lingers = mayLinger(turn.order);
  const aside = lingers && progress.asideUri !== undefined;
  const known = change(turn, { asideAtLarge: aside, publishAtLarge: lingers });
  if (progress.published) return cleanUp(known);
  return ask(known, { step: progress.failure === undefined ? "look-recovered" : "void" });
}

function replied(turn: Turn, reply: StorageReply): CommitDecision {
  const { step } = turn.state;
  if (step === "void" || step === "look-void") return repliedToVoid(turn, reply);
  if (step === "rollback") return repliedToRollback(turn, reply);
  if (step === "remove-aside") return repliedToRemoveAside(turn, reply);
  if (reply.kind === "unknown") return repliedUnknown(turn, reply);
  if (reply.kind === "refused") return repliedRefused(turn, reply);
  if (reply.kind === "inspected") return repliedToLook(turn, reply);
  if (step === "place") return placeNext(turn);
  if (step === "manifest") return ask(turn, { step: "place-manifest" });
  if (step === "place-manifest") return ask(turn, { step: "check" });
  if (step === "check" && reply.kind === "listed-files") return checked(turn, reply);
  if (step === "aside") return ask(turn, { step: "publish", rounds: 1 });
  if (step === "publish") return published(turn);
  return repliedWrongly(turn, reply);
}

function placeAll(turn: Turn): CommitDecision {
  return ask(turn, turn.order.moves.length === 0 ? { step: "manifest" } : { step: "place", moveAt: 0 });
}

function placeNext(turn: Turn): CommitDecision {
  const moveAt = turn.state.moveAt + turn.bounds.placeMovesMax;
  return ask(turn, moveAt < turn.order.moves.length ? { moveAt } : { step: "manifest", moveAt: 0 });
}

/** Nothing is published that is not the manifest's files to the byte. */
function checked(turn: Turn, reply: Reply<"listed-files">): CommitDecision {
  const fault = listingFault(turn.order, reply.files);
  if (fault !== undefined) return suspect(turn, "E_COMMIT", fault);
  return ask(turn, turn.order.overwrite ? { step: "look-old" } : { step: "publish", rounds: 1 });
}

function repliedToLook(turn: Turn, reply: Reply<"inspected">): CommitDecision {
  if (reply.manifestJob === turn.order.job) return published(turn);
  const free = !reply.exists || (reply.empty && reply.manifestJob === undefined);
  const { step, suspicion } = turn.state;
  if (step === "look-recovered") return placeAll(turn);
  if (step === "look-old") return free ? ask(turn, { step: "publish", rounds: 1 }) : moveAside(turn, reply);
  if (step === "look-aside") return reply.exists ? repeat(turn, "aside") : ask(turn, { step: "publish", rounds: 1 });
  if (step !== "look-published") return repliedWrongly(turn, reply);
  if (suspicion !== undefined) return goBackFor(turn, suspicion);
  return free ? repeat(turn, "publish") : goBack(turn, "E_OUTPUT_EXISTS", "another output has appeared there");
}

/** Move the old output aside: the intent is durable before the move. */
function moveAside(turn: Turn, reply: Reply<"inspected">): CommitDecision {
  if (reply.manifestJob === undefined)
    return goBack(turn, "E_OUTPUT_EXISTS", "it holds no Millrace manifest, so --overwrite does not replace it");
  if (reply.foreign !== undefined)
    return goBack(
      turn,
      "E_OUTPUT_EXISTS",
      `it holds ${quote(reply.foreign)}, which its manifest does not name, so --overwrite does not replace it`,
    );
  const { progress } = turn.state;
  const uri = asideOf(turn.order, turn.state);
  const intended = progress.asideUri === undefined ? record(turn, { kind: "aside", uri }) : turn;
  return ask(intended, { step: "aside", rounds: 1 });
}

/** Do a rename again that a look has shown not to have happened, a bounded number of times. */
function repeat(turn: Turn, step: "aside" | "publish"): CommitDecision {
  const rounds = turn.state.rounds + 1;
  if (rounds <= turn.bounds.storageTriesMax) return ask(turn, { step, rounds });
  return goBack(turn, "E_COMMIT", `${rounds - 1} renames did not happen`);
}

function repliedUnknown(turn: Turn, reply: Reply<"unknown">): CommitDecision {
  const lingers = mayLinger(turn.order);
  const { step } = turn.state;
  if (step === "aside") return wait(change(turn, { asideAtLarge: lingers }), "look-aside");
  if (step === "publish") return wait(change(turn, { publishAtLarge: lingers }), "look-published");
  if (turn.state.tries + 1 < turn.bounds.storageTriesMax) return wait(turn, step);
  const reason = `no answer in ${turn.state.tries + 1} tries, the last: ${reasonWithin(turn, reply.message)}`;
  return step.startsWith("look-") ? goBack(turn, "E_COMMIT", reason) : suspect(turn, "E_COMMIT", reason);
}

function repliedRefused(turn: Turn, reply: Reply<"refused">): CommitDecision {
  const { step } = turn.state;
  // Its content never differs, so one that lies there already, from before a restart, is as good.
  if (reply.reason === "exists" && step === "place-manifest") return ask(turn, { step: "check" });
  if (reply.reason === "missing" && step === "aside") return ask(turn, { step: "publish", rounds: 1 });
  if (reply.reason === "exists" && step === "publish")
    return suspect(turn, "E_OUTPUT_EXISTS", "another output has appeared there");
  const reason = reasonWithin(turn, reply.message);
  if (reply.reason === "exists" && step === "aside") return suspect(turn, "E_OUTPUT_EXISTS", reason);
  return step.startsWith("look-") ? goBack(turn, "E_COMMIT", reason) : suspect(turn, "E_COMMIT", reason);
}

function repliedWrongly(turn: Turn, reply: StorageReply): CommitDecision {
  return suspect(turn, "E_INTERNAL", `storage answered ${turn.state.step} with ${reply.kind}`);
}

/**
 * The way back's first two steps: give `data` another name, so that no publish can find it any more, then look once more,
 * as one may have run before. They have no bound of tries, since to call the job failed without them would be a guess;
 * they ask ever more rarely, and the reason stands on the status page.
 */
function repliedToVoid(turn: Turn, reply: StorageReply): CommitDecision {
  const { step, publishAtLarge, voidIndex } = turn.state;
  if (step === "look-void") {
    if (reply.kind !== "inspected") return wait(turn, step);
    return reply.manifestJob === turn.order.job ? published(turn) : rollBack(turn);
  }
  const refused = reply.kind === "refused" ? reply.reason : undefined;
  if (refused === "exists") return ask(turn, { voidIndex: voidIndex + 1 });
  const harmless = refused === "missing" || (refused !== undefined && !publishAtLarge);
  return reply.kind === "ok" || harmless ? ask(turn, { step: "look-void" }) : wait(turn, step);
}

/** Give the old output its name back, where it was, or may have been, moved aside. */
function rollBack(turn: Turn): CommitDecision {
  return turn.state.progress.asideUri === undefined ? failed(turn) : ask(turn, { step: "rollback" });
}

function repliedToRollback(turn: Turn, reply: StorageReply): CommitDecision {
  const aside = quote(asideOf(turn.order, turn.state));
  if (reply.kind === "ok" || (reply.kind === "refused" && reply.reason === "missing")) {
    const note = turn.state.asideAtLarge ? `; if the old output is not in its place, it lies in ${aside}` : "";
    return failed(turn, note);
  }
  if (reply.kind === "unknown" && turn.state.tries + 1 < turn.bounds.storageTriesMax) return wait(turn, "rollback");
  return failed(turn, `; the old output lies in ${aside} unless it is in its place`);
}

function repliedToRemoveAside(turn: Turn, reply: StorageReply): CommitDecision {
  if (reply.kind === "ok" || (reply.kind === "refused" && reply.reason === "missing"))
    return end(record(turn, { kind: "aside-removed" }), { kind: "published" });
  if (reply.kind === "unknown" && turn.state.tries + 1 < turn.bounds.storageTriesMax) return wait(turn, "remove-aside");
  return end(turn, { kind: "published", asideLeft: asideOf(turn.order, turn.state) });
}

function published(turn: Turn): CommitDecision {
  return cleanUp(record(turn, { kind: "published", wallMs: turn.wallMs }));
}

/** Remove the old output, unless a lost rename may still need to find its name taken. */
function cleanUp(turn: Turn): CommitDecision {
  const { progress, asideAtLarge } = turn.state;
  if (progress.asideUri === undefined || progress.asideRemoved) return end(turn, { kind: "published" });
  if (asideAtLarge) return end(turn, { kind: "published", asideLeft: progress.asideUri });
  return ask(turn, { step: "remove-aside" });
}

/** Fail unless a look finds the output published after all. */
function suspect(turn: Turn, code: ErrorCode, reason: string): CommitDecision {
  return ask(turn, { step: "look-published", suspicion: failureOf(turn, code, reason) });
}

/** Fail, for the reason that was suspected first. */
function goBack(turn: Turn, code: ErrorCode, reason: string): CommitDecision {
  return goBackFor(turn, turn.state.suspicion ?? failureOf(turn, code, reason));
}

/**
 * Fail: durable before `data` loses its name, since a commit that went on again after that could write a new `data`
 * with a part of the files, for a lost publish to find.
 */
function goBackFor(turn: Turn, failure: AttemptFailure): CommitDecision {
  return ask(record(turn, { kind: "voiding", failure }), { step: "void" });
}

/** Storage speaks in sentences of its own: inside of another one, their subject and advice are not said a second time. */
function reasonWithin(turn: Turn, message: string): string {
  if (!message.startsWith("Cannot ")) return message;
  const same = `Cannot publish ${quote(turn.order.outputUri)}: `;
  const text = message.startsWith(same) ? message.slice(same.length) : `c${message.slice(1)}`;
  const advice = text.lastIndexOf("; ");
  return advice === -1 ? text : text.slice(0, advice);
}

function failureOf(turn: Turn, code: ErrorCode, reason: string): AttemptFailure {
  const action = code === "E_OUTPUT_EXISTS" ? "choose another output" : "check the storage, then submit again";
  const message = `Cannot publish ${quote(turn.order.outputUri)}: ${reason}, at step ${turn.state.step}; ${action}`;
  return { code, message };
}

function failed(turn: Turn, note = ""): CommitDecision {
  const { failure } = turn.state.progress;
  invariant(failure !== undefined, "a commit fails without a reason");
  return end(turn, { kind: "failed", failure: { ...failure, message: `${failure.message}${note}` } });
}

function end(turn: Turn, outcome: CommitOutcome): CommitDecision {
  return { state: { ...turn.state, step: "ended", asked: false }, records: turn.records, outcome };
}

/** Go on to a step, or to the next call of the same one. */
function ask(turn: Turn, patch: Partial<CommitState>): CommitDecision {
  return send(turn, { ...turn.state, ...patch, tries: 0 });
}

function send(turn: Turn, due: CommitState): CommitDecision {
  const state: CommitState = { ...due, asked: true };
  return { state, records: turn.records, call: commitCall(turn.order, state, turn.bounds) };
}

/** Wait before the given step is asked, twice as long as the last time. */
function wait(turn: Turn, step: CommitStep): CommitDecision {
  const tries = turn.state.tries + 1;
  const state: CommitState = { ...turn.state, step, asked: false, tries };
  return { state, records: turn.records, waitMs: retryMs({ ...turn, state }) };
}

function retryMs({ bounds, state }: Turn): number {
  return Math.min(bounds.storageRetryMs * 2 ** Math.min(Math.max(state.tries - 1, 0), 30), bounds.storageRetryMsMax);
}

function change(turn: Turn, patch: Partial<CommitState>): Turn {
  return { ...turn, state: { ...turn.state, ...patch } };
}

function record(turn: Turn, made: JobRecord): Turn {
  const progress = applyCommitRecord(turn.state.progress, made);
  return { ...turn, records: [...turn.records, made], state: { ...turn.state, progress } };
}
