// Where a sample attempt reads: small pieces at seeded places, one in each of as many equal stretches of the split, so
// that sorted and clustered files are seen all over.

import type { CompressionCodec, Split, SplitPart } from "@millrace/core";
import type { InputFormat } from "@millrace/sdk/engine";
import { hostLimits } from "../host-limits.ts";

/** A place to read at. */
export interface SamplePiece {
  /** The part of the split with another offset, and the bytes up to the part's end. */
  readonly part: SplitPart;
  /** Records are read until they have so many bytes; of numbers, so many numbers. */
  readonly bytesMax: number;
}

/**
 * Choose the pieces of a split, in random order. A split that is no larger than all pieces together is read whole; a file
 * that can only be read from its begin, since it is packed or its format does not split, is read there.
 *
 * @param random numbers in [0, 1), seeded.
 * @param codecOf tells how a file is compressed; asked of those alone that are chosen.
 */
export function samplePieces(
  split: Split,
  format: InputFormat<unknown>,
  { random, codecOf }: { readonly random: () => number; readonly codecOf: (file: SplitPart) => CompressionCodec },
): readonly SamplePiece[] {
  const pieceBytes = format.splitting === "numbers" ? hostLimits.samplePieceNumbers : hostLimits.samplePieceBytes;
  const total = hostLimits.samplePieces * pieceBytes;
  const parts = split.parts.filter(({ bytes }) => bytes > 0);
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  if (bytes <= total && parts.every(({ codec }) => codec === "none" || codec === "detect"))
    return parts.map((part) => ({ part, bytesMax: part.bytes }));
  const places = new Map<string, SamplePiece>();
  for (let index = 0; index < hostLimits.samplePieces; index++) {
    const chosen = partAt(parts, Math.floor(((index + random()) / hostLimits.samplePieces) * bytes));
    const place = chosen.codec === "detect" ? { ...chosen, codec: codecOf(fileOf(chosen)) } : chosen;
    const fromBegin = place.codec !== "none" || format.splitting === "none";
    const piece = fromBegin
      ? { part: beginOf(place, split), bytesMax: Math.max(pieceBytes, Math.floor(total / parts.length)) }
      : { part: place, bytesMax: pieceBytes };
    places.set(`${piece.part.uri} ${piece.part.offset}`, piece);
  }
  return shuffled([...places.values()], random);
}

/** The rest of the part that holds byte `at` of the split, from there on. */
function partAt(parts: readonly SplitPart[], at: number): SplitPart {
  let before = 0;
  for (const part of parts) {
    if (at < before + part.bytes) {
      const into = at - before;
      return { ...part, offset: part.offset + into, bytes: part.bytes - into };
    }
    before += part.bytes;
  }
  throw new RangeError(`byte ${at} lies behind the split's ${before} bytes`);
}

/** What is read from its begin: the file, or of bzip2 the split's part of it, since its first block takes long to find. */
function beginOf(part: SplitPart, split: Split): SplitPart {
  if (part.codec === "bzip2") return { ...(split.parts.find(({ uri }) => uri === part.uri) ?? part), codec: "bzip2" };
  return fileOf(part);
}

function fileOf(part: SplitPart): SplitPart {
  return { ...part, offset: 0, bytes: part.fileBytes };
}

/** @see Fisher and Yates, in Durstenfeld's form. */
function shuffled<T>(items: T[], random: () => number): readonly T[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [items[last], items[other]] = [items[other] as T, items[last] as T];
  }
  return items;
}
