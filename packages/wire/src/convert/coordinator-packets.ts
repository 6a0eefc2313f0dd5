// What a coordinator says to a worker, as packets: verdicts, splits and places may be long and are paged.
// One decoder serves one session.

import type {
  AttemptRef,
  CoordinatorMessage,
  Epoch,
  InventoryVerdict,
  JobBrief,
  SegmentPlace,
  SplitPart,
  StageBrief,
} from "@millrace/core";
import { MillraceError, limits } from "@millrace/core";
import type { Codec, OptionalCodec } from "../codec/field-codec.ts";
import { flag, hex, integer, list, named, optional, text, words } from "../codec/field-codec.ts";
import { decodeMessage, encodeMessage, message, record, union } from "../codec/message-codec.ts";
import { split, splitParts } from "./split-codec.ts";
import {
  attemptIndex,
  attemptRef,
  errorCode,
  inputGrowth,
  jobId,
  keyPrefix,
  label,
  outputSpecs,
  params,
  partFiles,
  sideFiles,
  size,
  stageIndex,
  stageKind,
  taskIndex,
  uri,
  workerId,
} from "./task-fields.ts";
import { pagesOf, reasonText } from "./worker-packets.ts";

/** A verdict is two bytes on the wire. */
const verdictsPerPageMax = 100_000;
/** As many as `workerPacket` takes items of an inventory. */
const verdictsMax = 16 * limits.tasksMax;
/** Bytes of URIs in one page of a split, well below 1 MiB with the parts' numbers. */
const splitPageBytes = 256 * 1_024;
const lostTasksPerMessageMax = 50_000;

interface Verdicts {
  readonly running: readonly InventoryVerdict[];
  readonly gathering: readonly InventoryVerdict[];
  readonly held: readonly InventoryVerdict[];
}
type Registered = Extract<CoordinatorMessage, { readonly kind: "registered" }>;
type RegisteredHead = Omit<Registered, keyof Verdicts>;
/** The two messages that carry a split, which may need pages. */
type Launch = Extract<CoordinatorMessage, { readonly kind: "launch-map" | "launch-sample" }>;

type CoordinatorPacket =
  | Exclude<CoordinatorMessage, { readonly kind: "registered" | Launch["kind"] }>
  | RegisteredHead
  | ({ readonly kind: "verdict-page"; readonly last: boolean } & Verdicts)
  | (Launch & { readonly more: boolean })
  | { readonly kind: "split-page"; readonly parts: readonly SplitPart[]; readonly last: boolean };

const verdicts = list(
  words<InventoryVerdict>({ keep: "VERDICT_KEEP", kill: "VERDICT_KILL", delete: "VERDICT_DELETE" }),
  verdictsPerPageMax,
);

/** A stage index in core, with -1 for none; one more on the wire. */
const readsPlusOne: Codec<number> = named("readsPlusOne", {
  encode: (value) => (integer(-1, limits.stagesMax - 1).encode(value) as number) + 1,
  decode: (raw) => integer(0, limits.stagesMax).decode(raw) - 1,
});

const stageBrief = message<StageBrief>({
  kind: stageKind,
  tasks: integer(0, limits.tasksMax),
  partitions: integer(0, limits.reducesMax),
  reads: readsPlusOne,
  outputs: outputSpecs,
});

/** A token of HDFS has about 200 characters; a job names few clusters. */
const tokens = record(text(8_192, 1), { namesMax: 64, nameCharactersMax: 512 });
const storageTokens: OptionalCodec<Readonly<Record<string, string>>> = {
  encode: tokens.encode,
  // A decoder that gives undefined leaves its field out.
  decode: (raw) => (Array.isArray(raw) && raw.length === 0 ? (undefined as never) : tokens.decode(raw)),
  optional: true,
};

const jobBrief = message<JobBrief>({
  job: jobId,
  name: text(limits.jobNameCharactersMax, 1),
  bundleSha256: hex(32),
  files: sideFiles,
  params,
  shuffleKey: hex(32),
  storageTokens,
  taskTimeoutMs: integer(1),
  inputGrowth,
  partFiles: optional(partFiles),
  seed: text(128),
  stages: list(stageBrief, limits.stagesMax),
  stagingUri: uri,
});

const segmentPlace = message<SegmentPlace>({
  task: taskIndex,
  attempt: attemptIndex,
  worker: workerId,
  address: label,
  pairs: size,
  rawBytes: size,
  digest: hex(8),
});

type Of<K extends CoordinatorPacket["kind"]> = Omit<Extract<CoordinatorPacket, { readonly kind: K }>, "kind">;
const attemptOnly = message<{ readonly attempt: AttemptRef }>({ attempt: attemptRef });

/** All packets of a coordinator's side. */
export const coordinatorPacket = union<CoordinatorPacket>({
  registered: message<Of<"registered">>({ epoch: integer<Epoch>(1), leaseMs: integer(1), heartbeatMs: integer(1) }),
  "verdict-page": message<Of<"verdict-page">>({ running: verdicts, gathering: verdicts, held: verdicts, last: flag }),
  refused: message<Of<"refused">>({ code: errorCode, message: reasonText }),
  brief: message<Of<"brief">>({ brief: jobBrief }),
  "launch-map": message<Of<"launch-map">>({ attempt: attemptRef, split, more: flag }),
  "launch-sample": message<Of<"launch-sample">>({
    attempt: attemptRef,
    split,
    more: flag,
    keysMax: integer(1, limits.sampleKeysTaskMax),
  }),
  ranges: message<Of<"ranges">>({ job: jobId, stage: stageIndex, cuts: list(keyPrefix, limits.reducesMax - 1) }),
  "split-page": message<Of<"split-page">>({ parts: splitParts, last: flag }),
  gather: message<Of<"gather">>({ attempt: attemptRef, maps: integer(0, limits.tasksMax) }),
  places: message<Of<"places">>({ attempt: attemptRef, places: list(segmentPlace, limits.placesPerMessageMax) }),
  "places-lost": message<Of<"places-lost">>({ attempt: attemptRef, tasks: list(taskIndex, lostTasksPerMessageMax) }),
  "launch-reduce": attemptOnly,
  kill: message<Of<"kill">>({ attempt: attemptRef, reason: reasonText }),
  acknowledge: attemptOnly,
  verify: message<Of<"verify">>({ source: attemptRef }),
  release: attemptOnly,
  "forget-job": message<Of<"forget-job">>({ job: jobId }),
});

/** Convert a coordinator's message to the packets that carry it, in order. @throws {MillraceError} E_MESSAGE. */
export function encodeCoordinatorMessage(value: CoordinatorMessage): readonly object[] {
  return packetsOf(value).map((packet) => encodeMessage(coordinatorPacket, packet, "CoordinatorMessage"));
}

function packetsOf(value: CoordinatorMessage): readonly CoordinatorPacket[] {
  if (value.kind === "registered") return registeredPackets(value);
  if (value.kind === "launch-map" || value.kind === "launch-sample") return launchPackets(value);
  if (value.kind === "places") {
    return pagesOf(value.places, limits.placesPerMessageMax).map((places) => ({ ...value, places }));
  }
  if (value.kind === "places-lost") {
    return pagesOf(value.tasks, lostTasksPerMessageMax).map((tasks) => ({ ...value, tasks }));
  }
  return [value];
}

function registeredPackets({ running, gathering, held, ...head }: Registered): readonly CoordinatorPacket[] {
  const [a, b, c] = [running, gathering, held].map((column) => pagesOf(column, verdictsPerPageMax)) as [
    readonly (readonly InventoryVerdict[])[],
    readonly (readonly InventoryVerdict[])[],
    readonly (readonly InventoryVerdict[])[],
  ];
  const count = Math.max(a.length, b.length, c.length);
  const pages = Array.from({ length: count }, (_, index) => ({
    kind: "verdict-page" as const,
    running: a[index] ?? [],
    gathering: b[index] ?? [],
    held: c[index] ?? [],
    last: index === count - 1,
  }));
  return [head, ...pages];
}

function launchPackets(launch: Launch): readonly CoordinatorPacket[] {
  const [first = [], ...rest] = pagesOfParts(launch.split.parts);
  return [
    { ...launch, split: { ...launch.split, parts: first }, more: rest.length > 0 },
    ...rest.map((parts, index) => ({ kind: "split-page" as const, parts, last: index === rest.length - 1 })),
  ];
}

/** Cut a split's parts by the bytes of their whole URIs: packing makes pages smaller, never larger. */
function pagesOfParts(parts: readonly SplitPart[]): readonly (readonly SplitPart[])[] {
  const pages: SplitPart[][] = [];
  let room = 0;
  for (const part of parts) {
    const bytes = Buffer.byteLength(part.uri);
    if (pages.length === 0 || bytes > room) {
      pages.push([]);
      room = splitPageBytes;
    }
    pages.at(-1)?.push(part);
    room -= bytes;
  }
  return pages;
}

/** Join packets of one session to messages. */
export interface CoordinatorMessageDecoder {
  /** @returns undefined while pages are missing. @throws {MillraceError} E_MESSAGE that names the field: end the session. */
  decode(raw: unknown): CoordinatorMessage | undefined;
}

type Open =
  | { readonly kind: "registered"; readonly head: RegisteredHead; readonly pages: Verdicts[] }
  | { readonly kind: "launch"; readonly head: Launch; readonly parts: SplitPart[] };

/** Make a decoder for one session. */
export function createCoordinatorMessageDecoder(): CoordinatorMessageDecoder {
  let open: Open | undefined;
  return {
    decode(raw) {
      const packet = decodeMessage(coordinatorPacket, raw, "CoordinatorMessage");
      if (packet.kind === "verdict-page" || packet.kind === "split-page") {
        const joined = joinPage(open, packet);
        if (packet.last) open = undefined;
        return joined;
      }
      if (open !== undefined) throw misplaced(packet.kind, `${open.head.kind} before it is not complete`);
      if (packet.kind === "registered") {
        open = { kind: "registered", head: packet, pages: [] };
        return undefined;
      }
      if (packet.kind !== "launch-map" && packet.kind !== "launch-sample") return packet;
      const { more, ...head } = packet;
      if (!more) return head;
      open = { kind: "launch", head, parts: [...head.split.parts] };
      return undefined;
    },
  };
}

function joinPage(
  open: Open | undefined,
  packet: Extract<CoordinatorPacket, { readonly kind: "verdict-page" | "split-page" }>,
): CoordinatorMessage | undefined {
  if (packet.kind === "verdict-page") {
    if (open?.kind !== "registered") throw misplaced("verdictPage", "no registered came before");
    open.pages.push(packet);
    if (open.pages.length * verdictsPerPageMax > verdictsMax + verdictsPerPageMax)
      throw misplaced("verdictPage", "too many pages");
    if (!packet.last) return undefined;
    const join = (of: (page: Verdicts) => readonly InventoryVerdict[]): readonly InventoryVerdict[] =>
      open.pages.flatMap(of);
    return {
      ...open.head,
      running: join((page) => page.running),
      gathering: join((page) => page.gathering),
      held: join((page) => page.held),
    };
  }
  if (open?.kind !== "launch") throw misplaced("splitPage", "no launch came before");
  open.parts.push(...packet.parts);
  if (open.parts.length > limits.splitPartsMax) throw misplaced("splitPage", `more than ${limits.splitPartsMax} parts`);
  return packet.last ? { ...open.head, split: { ...open.head.split, parts: open.parts } } : undefined;
}

function misplaced(field: string, reason: string): MillraceError {
  const words = `Cannot convert message "CoordinatorMessage": field "${field}" does not fit, ${reason}; use the same release of Millrace on both sides`;
  return new MillraceError("E_MESSAGE", words, { details: { field } });
}
