// From files to splits: large files are cut, small ones packed, all in the order of URI bytes, so that the splits of an
// input, one after another, are its bytes in order. Hosts have no say: the plan depends on input and job alone.

import { invariant } from "../errors/invariant.ts";
import { limits } from "../limits.ts";
import type { InputFormatSpec } from "../model/job-spec.ts";
import type { InputFile, Split, SplitPart } from "../model/plan.ts";
import { namesStreamCodec } from "./detect-codec.ts";
import { splitHosts } from "./split-hosts.ts";

/** Bounds of planning; the defaults are in `limits`. */
export interface PlanBounds {
  readonly splitBytes: number;
  readonly splitPartsMax: number;
  readonly splitUriBytesMax: number;
  readonly tasksMax: number;
  readonly inputFilesMax: number;
  readonly reducesAutoMax: number;
  readonly reduceInputBytes: number;
}

/** How the files of one input are cut. */
export interface SplitOrder {
  /** Index of the input in the job spec. */
  readonly input: number;
  readonly format: InputFormatSpec;
  /** Asked for by the job, or "auto" for the block-size rule. */
  readonly splitBytes: number | "auto";
  /** Splits that the caller can still take; planning stops beyond it. */
  readonly splitsMax: number;
  readonly bounds?: PlanBounds;
}

/**
 * Plan the splits of one input. Empty files give none.
 * @param files Sorted by `sortByUri`, each once.
 * @returns splits in the order of the data, undefined when there would be more than `splitsMax`.
 */
export function planSplits(files: readonly InputFile[], order: SplitOrder): readonly Split[] | undefined {
  const bounds = order.bounds ?? limits;
  const splits: Split[] = [];
  let pack: InputFile[] = [];
  let packWeight = 0;
  let packUriBytes = 0;
  const flush = (): void => {
    if (pack.length > 0) splits.push(packSplit(order.input, pack));
    pack = [];
    packWeight = 0;
    packUriBytes = 0;
  };
  for (const file of files) {
    if (splits.length > order.splitsMax) return undefined;
    if (file.bytes === 0) continue;
    const target = splitTarget(file, order.splitBytes, bounds);
    const weight = weightOf(file);
    const small = order.format.splitting !== "none" && weight < target;
    const isFull = pack.length >= bounds.splitPartsMax || packUriBytes + file.uri.length > bounds.splitUriBytesMax;
    if (!small || packWeight + weight > target || isFull) flush();
    if (small) {
      pack.push(file);
      packWeight += weight;
      // What a listing gives is percent-encoded: a character is a byte.
      packUriBytes += file.uri.length;
      continue;
    }
    const room = order.splitsMax - splits.length;
    const cuts = isSplittable(file, order.format) ? cutFile(file, target, room) : [0, file.bytes];
    if (cuts === undefined) return undefined;
    for (let at = 0; at + 1 < cuts.length; at += 1)
      splits.push(cutSplit(order.input, file, cuts[at] ?? 0, cuts[at + 1] ?? 0));
  }
  flush();
  return splits.length > order.splitsMax ? undefined : splits;
}

/**
 * Bytes from which on a file may be cut, whatever storage it is in; smaller ones need not be opened to be planned.
 * @param asked Split size of the job.
 */
export function wholeBelowBytes(asked: number | "auto", bounds: Pick<PlanBounds, "splitBytes"> = limits): number {
  return asked === "auto" ? bounds.splitBytes : asked;
}

/** What a byte of a packed file weighs: logs and tables are an eighth of their length as gzip or zstd, or less. */
const packedByteWeight = 8;

/**
 * Weigh the work in a small file by what it may unpack to, so that a task of packed files is about as long as others.
 * Names count where nobody has looked, as no result depends on it. Files of bzip2 are cut by the bytes that are stored,
 * and so they are weighed.
 */
function weightOf({ uri, bytes, codec }: InputFile): number {
  const plain = codec === "detect" ? !namesStreamCodec(uri) : codec === "none" || codec === "bzip2";
  return plain ? bytes : bytes * packedByteWeight;
}

/**
 * Whether a file may be read from the middle: its format finds record starts, and no compression hides them. The blocks of
 * bzip2 are found at any byte, and records of delimiters in them.
 */
function isSplittable(file: InputFile, format: InputFormatSpec): boolean {
  if (file.codec === "bzip2") return format.splitting === "delimiter";
  return file.codec === "none" && format.splitting !== "none";
}

/** The smallest multiple of the block size that is at least the default, so that a split is whole blocks. */
function splitTarget(file: InputFile, asked: number | "auto", bounds: PlanBounds): number {
  if (asked !== "auto") return asked;
  if (file.blockBytes <= 0) return bounds.splitBytes;
  return Math.ceil(bounds.splitBytes / file.blockBytes) * file.blockBytes;
}

/**
 * Cut a file every `target` bytes; a rest below a tenth joins the split before, as a task costs more than it.
 * @returns offsets from 0 to the length, undefined when they make more than `splitsMax` splits.
 */
function cutFile(file: InputFile, target: number, splitsMax: number): readonly number[] | undefined {
  invariant(target >= 1, `a split target of ${target} bytes makes no progress`);
  if (Math.floor(file.bytes / target) > splitsMax + 1) return undefined;
  const cuts = [0];
  let at = 0;
  while ((file.bytes - at - target) * 10 >= target) {
    const next = at + target;
    invariant(next > at && next < file.bytes, `cutting ${file.uri} makes no progress at ${at}`);
    cuts.push(next);
    at = next;
  }
  cuts.push(file.bytes);
  return cuts.length - 1 > splitsMax ? undefined : cuts;
}

function cutSplit(input: number, file: InputFile, begin: number, end: number): Split {
  const bytes = end - begin;
  return { input, parts: [partOf(file, begin, bytes)], bytes, ...splitHosts([{ file, begin, end }]) };
}

function packSplit(input: number, files: readonly InputFile[]): Split {
  const ranges = files.map((file) => ({ file, begin: 0, end: file.bytes }));
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  return { input, parts: files.map((file) => partOf(file, 0, file.bytes)), bytes, ...splitHosts(ranges) };
}

function partOf(file: InputFile, offset: number, bytes: number): SplitPart {
  const { uri, modifiedMs, codec } = file;
  return { uri, offset, bytes, fileBytes: file.bytes, modifiedMs, codec };
}
