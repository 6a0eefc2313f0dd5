// Reads one split of a file with sync marks. A section belongs to the split in which the mark before it begins, the first
// one to the split that has the file's first byte; so a split is read from its first mark to the first one behind it.
//
// The file's header is handed out as the first record of every split that has any: a format's reader needs to know it.

import { DataError } from "../data-error.ts";
import { dataLimits } from "../data-limits.ts";
import { ByteWindow } from "./byte-window.ts";
import { indexOfBytes } from "./index-of-bytes.ts";
import { type RecordBatch, type SplitReader, type SplitReaderOptions, batchRecordsMax } from "./split-reader.ts";
import type { SyncMarkBlock, SyncMarkFile, SyncMarkItem, SyncMarkLayout } from "./sync-mark.ts";

/** Most headers are shorter. */
const headBytes = 4096;
/** A header names two classes and a codec, and may hold a few texts. */
const headBytesMax = 1024 * 1024;
/** Marks are looked for in steps of so many bytes. */
const searchBytes = 64 * 1024;

/** Hand out records between sync marks. Memory: one item, or one block as it is and unpacked. */
export class SyncMarkReader implements SplitReader {
  readonly #options: SplitReaderOptions;
  readonly #layout: SyncMarkLayout;
  readonly #window: ByteWindow;
  readonly #itemBytesMax: number;
  readonly #offsets = new Int32Array(batchRecordsMax * 2);
  readonly #item: SyncMarkItem = {
    afterMark: false,
    kind: "short",
    bytes: 0,
    needs: 0,
    reason: "",
    block: undefined,
  };
  #file: SyncMarkFile | undefined;
  #state: "new" | "header" | "open" | "done" = "new";
  /** Place in the file of the next item. */
  #at = 0;
  #ownedBegin: number;
  #block: SyncMarkBlock | undefined;
  #blockDone = 0;
  #blockPlace = { begin: 0, end: 0 };

  constructor(options: SplitReaderOptions, layout: SyncMarkLayout) {
    this.#options = options;
    this.#layout = layout;
    this.#window = new ByteWindow(options.source);
    this.#itemBytesMax = options.recordBytesMax ?? dataLimits.recordBytesMax;
    this.#ownedBegin = options.start;
    this.#at = options.start;
  }

  readonly nextBatch = (): RecordBatch | undefined => {
    switch (this.#state) {
      case "new":
        return this.#openFile();
      case "header":
        this.#state = this.#toFirstMark() ? "open" : "done";
        break;
      case "open":
      case "done":
    }
    while (this.#state === "open") {
      const batch = this.#block === undefined ? this.#takeItems() : this.#takeBlock(this.#block);
      if (batch !== undefined) return batch;
    }
    return undefined;
  };

  readonly owned = (): { readonly begin: number; readonly end: number } => ({
    begin: this.#ownedBegin,
    end: this.#at,
  });

  /** Read the header, and hand it out. */
  #openFile(): RecordBatch {
    this.#window.seek(0);
    for (let needs = headBytes; ;) {
      const count = this.#window.hold(0, needs);
      const head = this.#window.bytes.subarray(0, count);
      const opened = this.#layout.open(head, this.#window.isLast && count === this.#window.bytes.length);
      if ("fault" in opened) throw this.#error("E_INPUT_FORMAT", `its header is wrong: ${opened.fault}`, 0);
      if ("needs" in opened) {
        if (opened.needs > headBytesMax || count < needs)
          throw this.#error("E_INPUT_FORMAT", "its header does not end", Math.min(count, headBytesMax));
        needs = Math.max(opened.needs, 2 * needs);
        continue;
      }
      this.#file = opened;
      this.#state = "header";
      const { start } = this.#options;
      const offsets = Int32Array.of(0, opened.headerBytes);
      return { bytes: head, offsets, count: 1, fileOffset: 0, place: { begin: start, end: start } };
    }
  }

  /** Go to where the split's first section begins. @returns false when none does. */
  #toFirstMark(): boolean {
    const { start, end } = this.#options;
    const { headerBytes, mark } = this.#file!;
    if (start === 0) {
      this.#at = headerBytes;
      return end > 0;
    }
    const from = Math.max(start, headerBytes);
    this.#window.seek(from);
    for (let at = from; at < end;) {
      const count = this.#window.hold(at, searchBytes);
      const { begin, bytes } = this.#window;
      const found = indexOfBytes(bytes, mark, at - begin);
      if (found >= 0) {
        const place = begin + found;
        if (place >= end) break;
        this.#ownedBegin = place;
        this.#at = place;
        return true;
      }
      if (count < searchBytes) break;
      // A mark may lie across what comes next.
      at = begin + bytes.length - mark.length + 1;
    }
    return false;
  }

  /** Records up to the window's end or to a block. @returns undefined when there are none before one or the other. */
  #takeItems(): RecordBatch | undefined {
    const file = this.#file!;
    const item = this.#item;
    const offsets = this.#offsets;
    const { begin, bytes } = this.#window;
    let count = 0;
    while (count < batchRecordsMax) {
      const at = this.#at - begin;
      const mark = markAt(bytes, file.mark, at);
      if (mark === "whole") {
        if (this.#at >= this.#options.end) return this.#end(count);
        this.#at += file.mark.length;
        item.afterMark = true;
        continue;
      }
      if (at === bytes.length && this.#window.isLast) return this.#end(count);
      const awaitsMark = mark === "short" && !this.#window.isLast;
      if (!awaitsMark) {
        file.take(bytes, at, item);
        if (item.kind === "record") {
          if (item.bytes > this.#itemBytesMax) this.#refuseSize(item.bytes);
          offsets[count * 2] = at;
          offsets[count * 2 + 1] = at + item.bytes;
          count += 1;
          this.#at += item.bytes;
          item.afterMark = false;
          continue;
        }
      }
      // What is no record is for the next call, when those before it are handed out.
      return count > 0 ? { bytes, offsets, count, fileOffset: begin } : this.#takeOther(file, awaitsMark);
    }
    return { bytes, offsets, count, fileOffset: begin };
  }

  /** A block, a fault, or an item or mark that is not all in the window. */
  #takeOther(file: SyncMarkFile, awaitsMark: boolean): RecordBatch | undefined {
    const item = this.#item;
    if (awaitsMark) {
      this.#window.hold(this.#at, file.mark.length);
      return undefined;
    }
    if (item.kind === "block") {
      this.#block = item.block;
      this.#blockDone = 0;
      this.#blockPlace = { begin: this.#at, end: this.#at + item.bytes };
      this.#at += item.bytes;
      item.afterMark = false;
      return undefined;
    }
    if (item.kind === "fault") throw this.#error("E_INPUT_CORRUPT", item.reason, this.#at);
    if (item.needs > this.#itemBytesMax) this.#refuseSize(item.needs);
    return this.#window.hold(this.#at, item.needs) < item.needs ? this.#cut(file) : undefined;
  }

  /** The file ends in an item. */
  #cut(file: SyncMarkFile): RecordBatch {
    const { begin, bytes } = this.#window;
    const end = begin + bytes.length;
    if (file.cutItem === "fault") throw this.#error("E_INPUT_CORRUPT", "the file ends within a block", end);
    this.#offsets[0] = this.#at - begin;
    this.#offsets[1] = bytes.length;
    this.#at = end;
    return { bytes, offsets: this.#offsets, count: 1, fileOffset: begin };
  }

  /** Nothing of the split is left but these records. */
  #end(count: number): RecordBatch | undefined {
    this.#state = "done";
    const { begin, bytes } = this.#window;
    return count === 0 ? undefined : { bytes, offsets: this.#offsets, count, fileOffset: begin };
  }

  #takeBlock(block: SyncMarkBlock): RecordBatch | undefined {
    const first = this.#blockDone;
    const count = Math.min(batchRecordsMax, block.count - first);
    this.#blockDone += count;
    if (count === 0) {
      this.#block = undefined;
      return undefined;
    }
    const offsets = block.offsets.subarray(2 * first, 2 * (first + count));
    return { bytes: block.bytes, offsets, count, fileOffset: 0, place: this.#blockPlace };
  }

  #refuseSize(bytes: number): never {
    throw this.#error(
      "E_RECORD_TOO_LARGE",
      `a record or block is said to have ${bytes} bytes, more than ${this.#itemBytesMax}`,
      this.#at,
    );
  }

  #error(code: "E_INPUT_CORRUPT" | "E_INPUT_FORMAT" | "E_RECORD_TOO_LARGE", reason: string, offset: number): DataError {
    const uri = this.#options.uri ?? "input";
    return new DataError(
      code,
      `Cannot read ${JSON.stringify(uri)}: ${reason}, at byte ${offset}; mend the file or leave it out`,
      { uri, offset },
    );
  }
}

/** Whether a mark stands at a place: as far as the bytes go, it may. */
function markAt(bytes: Uint8Array, mark: Uint8Array, at: number): "whole" | "short" | "none" {
  let matched = 0;
  while (matched < mark.length && bytes[at + matched] === mark[matched]) matched++;
  if (matched === mark.length) return "whole";
  return at + matched === bytes.length ? "short" : "none";
}
