// The I/O thread's side of the rings: it reads, unpacks, checks and writes what the compute thread asks for, on the
// storage that it is given, and never blocks.

import { MillraceError, isMillraceError, magicBytes } from "@millrace/core";
import type { CompressionCodec, SplitPart } from "@millrace/core";
import type { ServedBytes, Storage } from "@millrace/ports";
import { decompress } from "@millrace/formats/engine";
import { changed, checkPlanned } from "../compute/check-planned.ts";
import { findCodec, isReadAsStored } from "../compute/find-codec.ts";
import type { ComputeMessage, PlannedPart } from "../compute/io-messages.ts";
import { hostLimits } from "../host-limits.ts";
import type { ReadAhead } from "./read-ahead.ts";
import { AsyncRingReader, AsyncRingWriter } from "../ring/ring.ts";

/** A message that asks for bytes to be moved. */
export type IoRequest = Extract<ComputeMessage, { readonly kind: "read-input" | "check-input" | "write-output" }>;

/** Where requests are served. */
export interface IoService {
  readonly storage: Storage;
  /** Told which hosts of the storage gave input, and how much. */
  readonly onServed: (served: ServedBytes) => void;
  /** Of the attempt's split, for a map. */
  readonly readAhead?: ReadAhead | undefined;
}

/** Read a small file whole, and look at it after that. @throws {MillraceError} E_INPUT_CHANGED, E_INPUT_READ. */
export async function fetchFile(service: IoService, planned: PlannedPart): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of readFile({ ...service, onEnd: undefined }, planned, 0)) pieces.push(piece);
  await checkInput(service.storage, planned);
  return Buffer.concat(pieces);
}

/** Serve one request to its end. Never rejects: errors go into the ring. */
export async function serveRequest(service: IoService, request: IoRequest): Promise<void> {
  const { storage } = service;
  switch (request.kind) {
    case "read-input":
      return intoRing(new AsyncRingWriter(request.ring), (ring) => readInput(service, request, ring));
    case "check-input":
      return intoRing(new AsyncRingWriter(request.ring), async () => {
        if (service.readAhead?.isChecked(request.planned) !== true) await checkInput(storage, request.planned);
      });
    case "write-output":
      return intoRing(new AsyncRingWriter(request.reply), (reply) => writeOutput(storage, request, reply));
  }
}

async function intoRing(ring: AsyncRingWriter, act: (ring: AsyncRingWriter) => Promise<void>): Promise<void> {
  try {
    await act(ring);
    await ring.end();
  } catch (thrown) {
    await ring.fail(asMillraceError(thrown));
  }
}

function asMillraceError(thrown: unknown): MillraceError {
  if (thrown instanceof MillraceError) return thrown;
  // Of another copy of core, as a test's storage may throw it.
  if (isMillraceError(thrown)) return new MillraceError(thrown.code, thrown.message);
  return new MillraceError("E_INTERNAL", `Cannot serve the attempt: ${String(thrown)}; report this bug of Millrace`);
}

async function readInput(
  service: IoService,
  request: Extract<IoRequest, { kind: "read-input" }>,
  ring: AsyncRingWriter,
): Promise<void> {
  const { planned, offset } = request;
  const { part } = planned;
  if (part.codec === "detect") return readDetected(service, planned, ring);
  service.readAhead?.passBy(planned);
  // What can be read from the middle is unpacked by who reads it.
  const isAsStored = isReadAsStored(part.codec);
  // Behind its end the part needs the rest of one record, if at all: that is read when it is asked for, and not ahead.
  const onEnd = (): Promise<void> => ring.drained();
  const bytes = readFile({ ...service, onEnd: isAsStored ? onEnd : undefined }, planned, isAsStored ? offset : 0);
  await writeUnpacked(part.codec, bytes, { uri: part.uri, ring });
}

/** Read a whole file that nobody has opened so far: the first chunk names its compression. */
async function readDetected(service: IoService, planned: PlannedPart, ring: AsyncRingWriter): Promise<void> {
  const { uri } = planned.part;
  const ahead = service.readAhead?.take(planned);
  const bytes = ahead === undefined ? readFile({ ...service, onEnd: undefined }, planned, 0) : oneChunk(ahead);
  try {
    const first = await bytes.next();
    const head = first.done === true ? new Uint8Array() : first.value;
    const codec = findCodec(head.subarray(0, magicBytes), uri);
    if (!(await ring.write(new TextEncoder().encode(codec)))) return;
    await writeUnpacked(codec, following(head, bytes), { uri, ring });
  } finally {
    await bytes.return(undefined);
  }
}

async function* oneChunk(bytes: Promise<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  yield await bytes;
}

async function* following(head: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  yield* rest;
}

async function writeUnpacked(
  codec: CompressionCodec,
  bytes: AsyncIterable<Uint8Array>,
  { uri, ring }: { readonly uri: string; readonly ring: AsyncRingWriter },
): Promise<void> {
  const unpacked = isReadAsStored(codec) ? bytes : decompress(codec, bytes, { uri });
  for await (const chunk of unpacked) if (!(await ring.write(chunk))) return;
}

/** Bytes of a file from `from` to its planned length. @throws {MillraceError} E_INPUT_CHANGED, E_INPUT_READ. */
async function* readFile(
  { storage, onServed, onEnd }: IoService & { readonly onEnd: (() => Promise<void>) | undefined },
  planned: PlannedPart,
  from: number,
): AsyncGenerator<Uint8Array> {
  const { uri, fileBytes, offset: begin, bytes } = planned.part;
  const reader = await onInput(planned, () => storage.open(uri, { onServed }));
  try {
    checkPlanned(planned, reader.status);
    for (let offset = from; offset < fileBytes;) {
      if (offset >= begin + bytes) await onEnd?.();
      const buffer = new Uint8Array(nextReadBytes(planned.part, offset));
      const count = await onInput(planned, () => reader.read(offset, buffer));
      if (count === 0) throw changed(uri, `it ends at byte ${offset}, not ${fileBytes}`);
      yield buffer.subarray(0, count);
      offset += count;
    }
  } finally {
    await reader.close();
  }
}

/**
 * Bytes to read at a place. Behind the end of the part only the rest of one record is wanted, which is short or, rarely,
 * long: begin with little and double.
 */
function nextReadBytes(part: SplitPart, offset: number): number {
  const left = part.offset + part.bytes - offset;
  const wanted = left > 0 ? left + hostLimits.lookAheadBytes : hostLimits.lookAheadBytes - left;
  return Math.min(hostLimits.ringChunkBytes, wanted, part.fileBytes - offset);
}

async function checkInput(storage: Storage, planned: PlannedPart): Promise<void> {
  checkPlanned(planned, await onInput(planned, () => storage.status(planned.part.uri)));
}

async function onInput<T>({ part }: PlannedPart, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (thrown) {
    if (isMillraceError(thrown) && thrown.details["reason"] === "missing") throw changed(part.uri, "it is gone");
    throw new MillraceError("E_INPUT_READ", asMillraceError(thrown).message, { cause: thrown });
  }
}

async function writeOutput(
  storage: Storage,
  request: Extract<IoRequest, { kind: "write-output" }>,
  reply: AsyncRingWriter,
): Promise<void> {
  const ring = new AsyncRingReader(request.ring);
  try {
    const length = await writeFile(storage, request, ring);
    await reply.write(new TextEncoder().encode(String(length)));
  } catch (thrown) {
    throw new MillraceError("E_OUTPUT_WRITE", asMillraceError(thrown).message, { cause: thrown });
  } finally {
    ring.close();
  }
}

async function writeFile(
  storage: Storage,
  { uri, partFiles }: Pick<Extract<IoRequest, { kind: "write-output" }>, "uri" | "partFiles">,
  ring: AsyncRingReader,
): Promise<number> {
  const writer = await storage.create(uri, partFiles);
  try {
    for (let chunk = await ring.next(); chunk !== undefined; chunk = await ring.next()) {
      // A copy: a storage may hand the bytes to a socket, and the chunk is the ring's again at the next step.
      await writer.write(chunk.slice());
    }
    return await writer.close();
  } catch (thrown) {
    await writer.abort();
    throw thrown;
  }
}
