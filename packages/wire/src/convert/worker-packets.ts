// What a worker says, as packets: messages that may be long are cut into pages of bounded size and joined again by
// the receiver. One decoder serves one session.

import type { AttemptRef, HeldSegments, Inventory, WorkerDescription, WorkerMessage } from "@millrace/core";
import { MillraceError, limits } from "@millrace/core";
import { flag, hex, integer, list, optional, text, words } from "../codec/field-codec.ts";
import { decodeMessage, encodeMessage, message, union } from "../codec/message-codec.ts";
import { attemptFailure, attemptProgress, attemptRef, attemptResult, label, size, workerId } from "./task-fields.ts";
import { segmentVector } from "./segment-vector.ts";

/** The most that an inventory may hold: what 16 jobs of `limits.tasksMax` tasks leave on one worker. */
const inventoryItemsMax = 16 * limits.tasksMax;
const pageItemsMax = limits.inventoryItemsPerMessageMax;
/** A worker's attempts in one heartbeat: 256 slots with as many gathers, or 1,000 attempts a page. */
const progressPerMessageMax = 1_000;
const versionsMax = 16;

interface InventoryPage extends Inventory {
  readonly last: boolean;
}

type WorkerPacket =
  | Exclude<WorkerMessage, { readonly kind: "register" }>
  | { readonly kind: "register"; readonly description: WorkerDescription }
  | ({ readonly kind: "inventory-page" } & InventoryPage);

const description = message<WorkerDescription>({
  worker: workerId,
  incarnation: integer(1),
  host: label,
  rack: label,
  slots: integer(1, 0xffff),
  shuffleAddress: label,
  freeDiskBytes: size,
  dataVersions: list(integer(0, 0xffff), versionsMax),
  nodeMajor: integer(0, 0xffff),
  protocols: list(integer(0, 0xffff), versionsMax),
});

const refs = list(attemptRef, pageItemsMax);
const held = message<HeldSegments>({ attempt: attemptRef, vectorDigest: hex(16) });
type Of<K extends WorkerPacket["kind"]> = Omit<Extract<WorkerPacket, { readonly kind: K }>, "kind">;

/** All packets of a worker's side. */
export const workerPacket = union<WorkerPacket>({
  register: message<Of<"register">>({ description }),
  "inventory-page": message<Of<"inventory-page">>({
    running: refs,
    gathering: refs,
    unacknowledged: refs,
    held: list(held, pageItemsMax),
    last: flag,
  }),
  heartbeat: message<Of<"heartbeat">>({
    progress: list(attemptProgress, progressPerMessageMax),
    freeDiskBytes: size,
  }),
  finished: message<Of<"finished">>({ result: attemptResult, vector: optional(segmentVector) }),
  failed: message<Of<"failed">>({ attempt: attemptRef, failure: attemptFailure }),
  gathered: message<Of<"gathered">>({ attempt: attemptRef, bytes: size }),
  complaint: message<Of<"complaint">>({
    reader: attemptRef,
    source: attemptRef,
    sourceWorker: workerId,
    reason: words({
      missing: "COMPLAINT_REASON_MISSING",
      cut: "COMPLAINT_REASON_CUT",
      corrupt: "COMPLAINT_REASON_CORRUPT",
      unreachable: "COMPLAINT_REASON_UNREACHABLE",
    }),
  }),
  verified: message<Of<"verified">>({ source: attemptRef, intact: flag }),
});

/** Convert a worker's message to the packets that carry it, in order. @throws {MillraceError} E_MESSAGE. */
export function encodeWorkerMessage(value: WorkerMessage): readonly object[] {
  return packetsOf(value).map((packet) => encodeMessage(workerPacket, packet, "WorkerMessage"));
}

function packetsOf(value: WorkerMessage): readonly WorkerPacket[] {
  if (value.kind === "register") {
    return [{ kind: "register", description: value.description }, ...inventoryPages(value.inventory)];
  }
  if (value.kind === "heartbeat" && value.progress.length > progressPerMessageMax) {
    return pagesOf(value.progress, progressPerMessageMax).map((progress) => ({ ...value, progress }));
  }
  return [value];
}

/** Cut an inventory so that no page has more than `pageItemsMax` items in all. */
function inventoryPages(inventory: Inventory): readonly WorkerPacket[] {
  const pages: {
    running: AttemptRef[];
    gathering: AttemptRef[];
    unacknowledged: AttemptRef[];
    held: HeldSegments[];
  }[] = [];
  let room = 0;
  const fill = <T>(items: readonly T[], add: (item: T) => void): void => {
    for (const item of items) {
      if (room === 0) {
        pages.push({ running: [], gathering: [], unacknowledged: [], held: [] });
        room = pageItemsMax;
      }
      add(item);
      room--;
    }
  };
  fill(inventory.running, (item) => pages.at(-1)?.running.push(item));
  fill(inventory.gathering, (item) => pages.at(-1)?.gathering.push(item));
  fill(inventory.unacknowledged, (item) => pages.at(-1)?.unacknowledged.push(item));
  fill(inventory.held, (item) => pages.at(-1)?.held.push(item));
  if (pages.length === 0) pages.push({ running: [], gathering: [], unacknowledged: [], held: [] });
  return pages.map((page, index) => ({ kind: "inventory-page", ...page, last: index === pages.length - 1 }));
}

/** Join packets of one session to messages. */
export interface WorkerMessageDecoder {
  /** @returns undefined while pages are missing. @throws {MillraceError} E_MESSAGE that names the field: end the session. */
  decode(raw: unknown): WorkerMessage | undefined;
}

/** Make a decoder for one session. */
export function createWorkerMessageDecoder(): WorkerMessageDecoder {
  let open: { readonly description: WorkerDescription; readonly pages: InventoryPage[]; items: number } | undefined;
  return {
    decode(raw) {
      const packet = decodeMessage(workerPacket, raw, "WorkerMessage");
      if (packet.kind === "register") {
        if (open !== undefined) throw outOfOrder("register", "the inventory before is not complete");
        open = { description: packet.description, pages: [], items: 0 };
        return undefined;
      }
      if (packet.kind !== "inventory-page") {
        if (open !== undefined) throw outOfOrder(packet.kind, "an inventory is not complete");
        return checkVector(packet);
      }
      if (open === undefined) throw outOfOrder("inventoryPage", "no register came before");
      open.items += packet.running.length + packet.gathering.length + packet.unacknowledged.length + packet.held.length;
      if (open.items > inventoryItemsMax) throw outOfOrder("inventoryPage", `more than ${inventoryItemsMax} items`);
      open.pages.push(packet);
      if (!packet.last) return undefined;
      const { description, pages } = open;
      open = undefined;
      return { kind: "register", description, inventory: joinPages(pages) };
    },
  };
}

function joinPages(pages: readonly InventoryPage[]): Inventory {
  return {
    running: pages.flatMap((page) => page.running),
    gathering: pages.flatMap((page) => page.gathering),
    unacknowledged: pages.flatMap((page) => page.unacknowledged),
    held: pages.flatMap((page) => page.held),
  };
}

/** A vector comes exactly with a run, and has its length. */
function checkVector<T extends WorkerMessage>(value: T): T {
  if (value.kind !== "finished") return value;
  const expected = value.result.run?.partitions ?? 0;
  const found = value.vector?.pairs.length ?? 0;
  if (expected !== found) throw outOfOrder("finished.vector", `${found} partitions where the run has ${expected}`);
  return value;
}

/** Refuse a packet for what came before it. */
export function outOfOrder(field: string, reason: string): MillraceError {
  const text = `Cannot convert message "WorkerMessage": field "${field}" does not fit, ${reason}; use the same release of Millrace on both sides`;
  return new MillraceError("E_MESSAGE", text, { details: { field } });
}

/** Cut a list into pages. */
export function pagesOf<T>(items: readonly T[], itemsMax: number): readonly (readonly T[])[] {
  const pages: (readonly T[])[] = [];
  for (let at = 0; at < items.length || at === 0; at += itemsMax) pages.push(items.slice(at, at + itemsMax));
  return pages;
}

/** Reason texts of kills and refusals. */
export const reasonText = text(4 * limits.errorTextBytesMax);
