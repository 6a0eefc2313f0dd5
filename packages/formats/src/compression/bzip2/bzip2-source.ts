// The unpacked bytes of one split of a bzip2 file. A split owns the blocks whose first bit lies in it; what they unpack to
// begins and ends anywhere in a record, so the source gives a few bytes from before, and goes on behind them until nobody
// asks any more. The split reader then cuts records as if the file were not packed.
//
// Blocks lie at any bit, so the first one is found by its magic number, which can also stand in a block by chance. What
// counts is the chain: from a block before the split, whose check sum is right, to the first one in it.

import type { ChunkSource } from "@millrace/data";
import { BlockWalker } from "./block-walker.ts";
import { type BlockDecoder, blockBytesMax } from "./block-decoder.ts";

/** Say which split of which file to unpack. */
export interface Bzip2SourceOptions {
  /** The file as it is. */
  readonly source: ChunkSource;
  /** Bytes of the file, in it. */
  readonly begin: number;
  /** Exclusive. */
  readonly end: number;
  readonly fileBytes: number;
  readonly uri: string;
  /** Memory of 4 MB that is this source's until it is read; else it makes its own. */
  readonly decoder?: BlockDecoder;
}

/** Longest delimiter of records: where one ends is seen from so many bytes before. */
const contextBytes = 64;
const chunkBytes = 64 * 1024;

/**
 * Unpack a split. Places are those of the unpacked file in its first split; in another they begin with the split's place
 * in the file and go on by unpacked bytes.
 */
export class Bzip2Source implements ChunkSource {
  readonly #options: Bzip2SourceOptions;
  readonly #walker: BlockWalker;
  readonly #chunk = new Uint8Array(chunkBytes);
  /** What stands before the split's content, at most {@link contextBytes}. */
  #context: Uint8Array = new Uint8Array(0);
  /** Whether the first chunk has been given, which is the context. */
  #given: "nothing" | "context" = "nothing";
  #at = 0;
  #state: "block" | "open" | "done" = "block";
  /** Place in the file of the block at which the walker stands; the file's length behind the last. */
  #blockOffset = 0;
  #first: number | undefined;
  #ownedBegin = 0;
  #ownedEnd: number | undefined;
  #endPlace = Number.MAX_SAFE_INTEGER;

  constructor(options: Bzip2SourceOptions) {
    this.#options = options;
    this.#walker = new BlockWalker(options.source, options.uri, options.decoder);
  }

  /** Place of the split's first unpacked byte. Reads what stands before it. @throws {MillraceError} E_INPUT_CORRUPT. */
  start(): number {
    this.#first ??= this.#locate();
    return this.#first;
  }

  /** Place behind the split's last unpacked byte: known once that byte was given, before a very large number. */
  readonly ownedEnd = (): number => this.#endPlace;

  /** Place in the file of the block that is being unpacked. */
  get fileOffset(): number {
    return this.#blockOffset;
  }

  /** Bytes of the file that the split's blocks are, after the last record; begin equals end when it has none. */
  owned(): { readonly begin: number; readonly end: number } {
    const end = this.#ownedEnd ?? this.#options.fileBytes;
    return { begin: Math.min(this.#ownedBegin, end), end };
  }

  seek(offset: number): void {
    const begin = this.start() - this.#context.length;
    if (this.#given !== "nothing") throw new RangeError(`a packed file is read once, not again from ${offset}`);
    this.#at = Math.max(begin, offset);
    this.#skip = this.#at - begin;
  }
  #skip = 0;

  next(): Uint8Array | undefined {
    if (this.#given === "nothing") {
      const begin = this.start() - this.#context.length;
      this.#given = "context";
      const context = this.#context.subarray(this.#skip);
      this.#at = begin + this.#context.length;
      if (context.length > 0) return context;
    }
    for (;;) {
      if (this.#state === "done") return undefined;
      if (this.#state === "block" && !this.#openBlock()) return undefined;
      const count = this.#walker.unpack(this.#chunk);
      if (count > 0) {
        this.#at += count;
        return this.#chunk.subarray(0, count);
      }
      if (!this.#walker.close()) throw this.#walker.blockError("check");
      this.#toNext();
    }
  }

  /** Go to the first block of the split. @returns the place of its first byte. */
  #locate(): number {
    const { begin } = this.#options;
    const place = begin === 0 ? this.#fromBegin() : (this.#fromBlock() ?? this.#fromBegin());
    if (begin > 0) this.#ownedBegin = this.#blockOffset;
    this.#at = place;
    this.#endPlace = Number.MAX_SAFE_INTEGER;
    this.#noteEnd(place);
    return place;
  }

  /** Walk from the file's begin: then places are those of the unpacked file. */
  #fromBegin(): number {
    this.#walker.toBegin();
    this.#context = new Uint8Array(0);
    const walked = this.#walk(0);
    if (walked === undefined) throw this.#walker.blockError("damaged");
    return walked;
  }

  /** Walk from a block before the split. @returns undefined where there is none. */
  #fromBlock(): number | undefined {
    const { begin } = this.#options;
    // So near to the file's begin the way from there is as short, and places could not be the split's own.
    if (begin <= contextBytes) return undefined;
    const places = this.#walker.find(Math.max(0, begin - blockBytesMax), begin);
    for (const bit of places.toReversed()) {
      this.#walker.toBlock(bit);
      this.#context = new Uint8Array(0);
      // Unpacked bytes are counted from the split's place on: what they would be in the file is not known.
      if (this.#walk(bit) !== undefined && this.#context.length === contextBytes) return begin;
    }
    return undefined;
  }

  /**
   * Unpack blocks up to the first that begins in the split, and keep the last bytes.
   *
   * @returns how many bytes there were; undefined when the very first is no block.
   */
  #walk(fromBit: number): number | undefined {
    let total = 0;
    for (let isFirst = true; ; isFirst = false) {
      const bit = this.#nextBit();
      if (bit === undefined || bit >= this.#options.begin * 8) {
        return total;
      }
      const isCandidate = isFirst && fromBit > 0;
      const fault = this.#walker.open();
      if (fault !== undefined) {
        if (isCandidate) return undefined;
        throw this.#walker.blockError(fault);
      }
      for (let count = this.#walker.unpack(this.#chunk); count > 0; count = this.#walker.unpack(this.#chunk)) {
        total += count;
        this.#keep(this.#chunk.subarray(0, count));
      }
      if (!this.#walker.close()) {
        if (isCandidate) return undefined;
        throw this.#walker.blockError("check");
      }
    }
  }

  #keep(content: Uint8Array): void {
    const kept = new Uint8Array(Math.min(contextBytes, this.#context.length + content.length));
    const own = Math.min(content.length, kept.length);
    kept.set(this.#context.subarray(this.#context.length - (kept.length - own)));
    kept.set(content.subarray(content.length - own), kept.length - own);
    this.#context = kept;
  }

  #nextBit(): number | undefined {
    const bit = this.#walker.next();
    this.#blockOffset = bit === undefined ? this.#options.fileBytes : Math.floor(bit / 8);
    this.#state = bit === undefined ? "done" : "block";
    return bit;
  }

  #toNext(): void {
    this.#nextBit();
    this.#noteEnd(this.#at);
  }

  /** The split ends before the first block that begins behind it. */
  #noteEnd(place: number): void {
    if (this.#ownedEnd !== undefined || (this.#state !== "done" && this.#blockOffset < this.#options.end)) return;
    this.#ownedEnd = this.#blockOffset;
    this.#endPlace = place;
  }

  #openBlock(): boolean {
    const fault = this.#walker.open();
    if (fault !== undefined) throw this.#walker.blockError(fault);
    this.#state = "open";
    return true;
  }
}
