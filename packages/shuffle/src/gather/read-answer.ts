// Reads an answer to the writers of its segments, unpacked where it came packed, and measures the link meanwhile.

import type { IncomingMessage } from "node:http";
import type { ComplaintReason } from "@millrace/core";
import type { BlockCodec } from "@millrace/data";
import { BlockUnpacker, type UnpackedPiece } from "../coding/block-unpacker.ts";
import { codingHeader } from "../coding/packed-block.ts";
import type { ShuffleLimits } from "../shuffle-limits.ts";
import { AnswerMeter, type Moment } from "./answer-meter.ts";
import type { FetchItem } from "./fetch-item.ts";
import type { LinkState } from "./link-coding.ts";
import { ResponseParser } from "./response-parser.ts";

/** Why a request did not bring everything. */
export interface BatchFault {
  readonly reason: ComplaintReason;
  readonly message: string;
  /**
   * `source`: it concerns all that was asked for. `segment`: the first that is not settled. `connection`: a kept-alive
   * one had ended. `coding`: nothing is wrong, and this side has ended the answer to ask for the rest in another coding.
   * `packing`: a block cannot be unpacked, so that nothing is known of the segment in it.
   */
  readonly concerns: "source" | "segment" | "connection" | "coding" | "packing";
}

/** What reading an answer needs besides it. */
export interface AnswerSurroundings {
  readonly limits: ShuffleLimits;
  /** The codec that was asked for, if any. */
  readonly codec: BlockCodec | undefined;
  readonly clock: () => Moment;
  /** Knows how many answers of the source are under way: counted here. */
  readonly link: Pick<LinkState, "answers">;
  /** Bytes after which an answer that comes so is measured. */
  readonly stretchBytes: (packed: boolean) => number;
  /** Whether the rest of an answer that comes so is better asked for in another coding. */
  readonly isOutdated: (packed: boolean, bytes: { readonly taken: number; readonly left: number }) => boolean;
  /** Told after each stretch of an answer, and when it is over, whole or cut. */
  readonly onAnswer: (answer: ReadAnswer) => void;
}

/** How an answer, or a stretch of it, came. */
export interface ReadAnswer {
  readonly packed: boolean;
  /** Something in it is not what a source sends. */
  readonly damaged: boolean;
  readonly meter: AnswerMeter;
  /** One piece as it came, to try a codec on; the receiver may keep it. */
  readonly sample: Buffer | undefined;
}

/** Read an answer of status 200. @returns undefined when all items came. */
export async function readAnswer(
  response: IncomingMessage,
  items: readonly FetchItem[],
  { limits, codec, clock, link, stretchBytes, isOutdated, onAnswer }: AnswerSurroundings,
): Promise<BatchFault | undefined> {
  const coding = response.headers[codingHeader];
  if (coding !== undefined && coding !== codec?.name) {
    response.destroy();
    return { reason: "corrupt", message: "The source's answer is in a coding not asked for", concerns: "source" };
  }
  const reader = new AnswerReader(items, coding === undefined ? undefined : codec, { clock, link });
  let bytesThen = 0;
  let damaged = false;
  const packed = coding !== undefined;
  const tell = (): void => onAnswer({ packed, damaged, meter: reader.meter, sample: reader.takeSample() });
  const watch = setInterval(() => {
    // Time in which this side's disk is waited for does not count against the source; the writer ends it.
    if (reader.bytes - bytesThen < limits.progressBytes && !reader.writing) response.destroy();
    bytesThen = reader.bytes;
  }, limits.progressMs);
  link.answers += 1;
  try {
    for await (const piece of response as AsyncIterable<Buffer>) {
      const taken = await reader.take(piece);
      damaged = taken !== "understood";
      if (taken === "not unpacked") return badPacking;
      if (taken === "not asked for") return notAskedFor;
      // Those that are left were given up: cutting the connection is cheaper than reading on.
      if (items.some(({ settled }) => !settled) && items.every(({ dead, settled }) => dead || settled)) break;
      if (reader.meter.rawBytes >= stretchBytes(packed)) tell();
      if (isOutdated(packed, { taken: reader.rawBytes, left: bytesLeft(items) })) return otherCoding;
    }
  } catch (thrown) {
    return { reason: "cut", message: thrown instanceof Error ? thrown.message : String(thrown), concerns: "segment" };
  } finally {
    clearInterval(watch);
    link.answers -= 1;
    tell();
  }
  return items.every(({ settled }) => settled)
    ? undefined
    : { reason: "cut", message: "The source's answer ended early", concerns: "segment" };
}

const notAskedFor: BatchFault = {
  reason: "corrupt",
  message: "The source sends what was not asked for",
  concerns: "segment",
};
const badPacking: BatchFault = {
  reason: "corrupt",
  message: "The source sends what cannot be unpacked",
  concerns: "packing",
};
const otherCoding: BatchFault = { reason: "cut", message: "The rest comes in another coding", concerns: "coding" };

/** About what is yet to come for items that somebody waits for. */
function bytesLeft(items: readonly FetchItem[]): number {
  let bytes = 0;
  for (const { settled, dead, request, writer } of items)
    if (!settled && !dead) bytes += Math.max(0, request.place.rawBytes - writer.bytes);
  return bytes;
}

/** What became of a piece: one that is not understood ends its answer. */
type Taken = "understood" | "not asked for" | "not unpacked";

/** Takes pieces to the parser. */
class AnswerReader {
  readonly meter = new AnswerMeter();
  readonly #parser: ResponseParser;
  readonly #unpacker: BlockUnpacker | undefined;
  readonly #clock: () => Moment;
  readonly #link: Pick<LinkState, "answers">;
  /** Bytes that came, as they came. */
  bytes = 0;
  /** Whether this side works on what came. */
  writing = false;
  /** Bytes of the answer, as they are before packing. */
  rawBytes = 0;
  /** The longest piece of a raw answer since one was last taken. */
  #sample: Buffer | undefined;

  constructor(
    items: readonly FetchItem[],
    codec: BlockCodec | undefined,
    { clock, link }: Pick<AnswerSurroundings, "clock" | "link">,
  ) {
    this.#parser = new ResponseParser(items);
    this.#unpacker = codec === undefined ? undefined : new BlockUnpacker(codec);
    this.#clock = clock;
    this.#link = link;
  }

  async take(piece: Buffer): Promise<Taken> {
    this.meter.arrived(this.#clock(), piece.length, this.#link.answers);
    this.bytes += piece.length;
    this.writing = true;
    const taken = this.#unpacker === undefined ? await this.#takeRaw(piece) : await this.#takePacked(piece);
    this.writing = false;
    return taken;
  }

  /** Give the longest piece of the stretch, if it came raw. */
  takeSample(): Buffer | undefined {
    const sample = this.#sample;
    this.#sample = undefined;
    return sample;
  }

  #taken(rawBytes: number): void {
    this.rawBytes += rawBytes;
    this.meter.taken(this.#clock(), rawBytes);
  }

  async #takeRaw(piece: Buffer): Promise<Taken> {
    if (piece.length > (this.#sample?.length ?? 0)) this.#sample = piece;
    const understood = await this.#parser.push(piece);
    this.#taken(piece.length);
    return understood ? "understood" : "not asked for";
  }

  async #takePacked(piece: Buffer): Promise<Taken> {
    const blocks = this.#unpacker?.push(piece);
    let rawBytes = 0;
    for (let block = nextBlock(blocks); block !== "end"; block = nextBlock(blocks)) {
      if (block === "bad") return "not unpacked";
      const { bytes, wireBytes } = block;
      if (!(await this.#parser.push(bytes, wireBytes / bytes.length))) return "not asked for";
      rawBytes += bytes.length;
    }
    this.#taken(rawBytes);
    return "understood";
  }
}

/** A block that cannot be unpacked is the source's fault; what writers do with one that can is not looked at here. */
function nextBlock(blocks: Iterator<UnpackedPiece> | undefined): UnpackedPiece | "end" | "bad" {
  try {
    const next = blocks?.next();
    return next === undefined || next.done === true ? "end" : next.value;
  } catch {
    return "bad";
  }
}
