// The storage call of each step of a commit: a function of the order and the state alone, so that a step can be asked
// again after a lost reply or a restart. The manifest is written beside `data` and moved in whole: a publish that was
// thought lost may run at any moment, and must never find a torn file.

import { InvariantError } from "../errors/invariant.ts";
import { limits } from "../limits.ts";
import type { StorageCall } from "../model/storage-call.ts";
import { asideUriOf, dataUriOf, manifestName, voidUriOf } from "./commit-names.ts";
import type { CommitOrder } from "./commit-order.ts";
import type { CommitState } from "./commit-state.ts";

/** Bounds of a commit; the defaults are in `limits`. */
export interface CommitBounds {
  readonly placeMovesMax: number;
  readonly storageTriesMax: number;
  readonly storageRetryMs: number;
  readonly storageRetryMsMax: number;
}

/** Make the call of the state's step. */
export function commitCall(order: CommitOrder, state: CommitState, bounds: CommitBounds = limits): StorageCall {
  const { outputUri, stagingUri } = order;
  const data = dataUriOf(stagingUri);
  switch (state.step) {
    case "look-recovered":
    case "look-old":
    case "look-aside":
    case "look-published":
    case "look-void":
      return { kind: "inspect-output", uri: outputUri };
    case "place":
      return { kind: "place", moves: order.moves.slice(state.moveAt, state.moveAt + bounds.placeMovesMax) };
    case "manifest":
      return {
        kind: "write-file",
        uri: `${stagingUri}/${manifestName}`,
        text: order.manifestText,
        ...(order.partFiles === undefined ? {} : { as: order.partFiles }),
      };
    case "place-manifest":
      return {
        kind: "place",
        moves: [{ from: `${stagingUri}/${manifestName}`, to: `${data}/${manifestName}` }],
      };
    case "check":
      return { kind: "list-files", uri: data };
    case "aside":
      return { kind: "rename", from: outputUri, to: asideOf(order, state) };
    case "publish":
      return { kind: "publish", from: data, to: outputUri };
    case "void":
      return { kind: "rename", from: data, to: voidUriOf(stagingUri, state.voidIndex) };
    case "rollback":
      return { kind: "rename", from: asideOf(order, state), to: outputUri };
    case "remove-aside":
      return { kind: "remove", uri: asideOf(order, state) };
    case "idle":
    case "ended":
      throw new InvariantError(`Invariant broken: a commit that is ${state.step} asks nothing`);
  }
}

/** Name the aside: as journalled, else as it will be. */
export function asideOf(order: CommitOrder, state: CommitState): string {
  return state.progress.asideUri ?? asideUriOf(order.outputUri, order.job);
}
