// What a running attempt needs of the outside, all synchronous: files and rings in a compute thread, memory in
// `testJob`. The runner knows nothing else, so both run the same code.

import type { CompressionCodec, SplitPart } from "@millrace/core";
import type { ByteSource, ChunkSource, RunStore, RunTools } from "@millrace/data";
import type { SegmentInput } from "@millrace/ports";

/** One part of a split, open for reading. */
export interface InputBytes {
  /** The file's bytes, unpacked when the file is compressed. */
  readonly source: ChunkSource;
  /** How the file is compressed: what the part says, or what was found where it says `detect`. */
  readonly codec: CompressionCodec;
  /**
   * Check that the file is still what was planned. Called after the last record.
   *
   * @throws {MillraceError} E_INPUT_CHANGED when length or modification time differ; E_INPUT_READ.
   */
  checkUnchanged(): void;
  close(): void;
}

/** An output file being written. */
export interface OutputBytes {
  /** Append all of `bytes`; they are the caller's again on return. @throws {MillraceError} E_OUTPUT_WRITE. */
  write(bytes: Uint8Array): void;
  /** Close the file, durably. @returns its length as storage tells it. @throws {MillraceError} E_OUTPUT_WRITE. */
  close(): number;
  /** Give up: close and remove. Never throws. */
  discard(): void;
}

/** Open what an attempt reads and writes. */
export interface AttemptIo {
  /**
   * Open a part of the split, or a piece of one: the same file with another offset and bytes.
   *
   * @param chunk - memory for the chunks that are handed out, where it saves a copy; they may lie elsewhere.
   * @throws {MillraceError} E_INPUT_CHANGED when the file is not as planned or gone; E_INPUT_READ; E_INPUT_CORRUPT while reading;
   * E_UNSUPPORTED_CODEC for a file that is found to be compressed so.
   */
  openInput(part: SplitPart, chunk?: Uint8Array): InputBytes;
  /** Open a segment's file. @throws {MillraceError} E_SEGMENT when it is not there. */
  openSegment(segment: SegmentInput): ByteSource;
  /** Spills and the run file of this attempt; `runName` is the file that the map output ends with. */
  readonly store: RunStore;
  readonly runName: string;
  /** Make a file below the attempt's directory. @throws {MillraceError} E_OUTPUT_WRITE. */
  createOutput(path: string): OutputBytes;
  /** Read a side file of the job; the caller owns the bytes. @throws {MillraceError} E_WORK_DISK. */
  readFile(path: string): Uint8Array;
  readonly tools: RunTools;
}
