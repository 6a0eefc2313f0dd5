// The records of a split, by the engine's own split reader, with every check that a task host makes before it reads.

import type { OwnedRange, Split, SplitPart } from "@millrace/core";
import { createSplitReader } from "@millrace/data";
import type { FileTree } from "../storage/file-tree.ts";
import { linesOfNumbers, numbersUri } from "../workload/numbers.ts";
import { TaskFailure } from "./task-failure.ts";

/** Read all records of a split. @throws {TaskFailure} E_INPUT_CHANGED. */
export function readSplit(
  tree: FileTree,
  split: Split,
  growth: "refuse" | "prefix",
): { readonly records: readonly string[]; readonly ranges: readonly OwnedRange[] } {
  const records: string[] = [];
  const ranges: OwnedRange[] = [];
  for (const part of split.parts) {
    if (part.uri === numbersUri) {
      records.push(...linesOfNumbers(part.offset, part.bytes));
      ranges.push({ uri: part.uri, begin: part.offset, end: part.offset + part.bytes });
      continue;
    }
    const bytes = plannedBytes(tree, part, growth);
    const reader = createSplitReader({
      source: chunksOf(bytes),
      start: part.offset,
      end: part.offset + part.bytes,
      framing: { kind: "delimited", delimiter: "line" },
      uri: part.uri,
    });
    for (let batch = reader.nextBatch(); batch !== undefined; batch = reader.nextBatch()) {
      for (let index = 0; index < batch.count; index += 1) {
        records.push(
          new TextDecoder().decode(batch.bytes.subarray(batch.offsets[2 * index], batch.offsets[2 * index + 1])),
        );
      }
    }
    const { begin, end } = reader.owned();
    ranges.push({ uri: part.uri, begin, end });
  }
  return { records, ranges };
}

/** The file as it was planned, or its beginning where it may have grown. */
function plannedBytes(tree: FileTree, part: SplitPart, growth: "refuse" | "prefix"): Uint8Array {
  const node = tree.find(part.uri);
  const bytes = node?.kind === "file" ? node.bytes : new Uint8Array(0);
  const same = node?.kind === "file" && node.modifiedMs === part.modifiedMs && bytes.length === part.fileBytes;
  if (same) return bytes;
  if (growth === "prefix" && bytes.length >= part.fileBytes) return bytes.subarray(0, part.fileBytes);
  throw new TaskFailure("E_INPUT_CHANGED", `Cannot read "${part.uri}": it has changed since the job was planned`);
}

function chunksOf(bytes: Uint8Array): { seek: (offset: number) => void; next: () => Uint8Array | undefined } {
  let at = 0;
  return {
    seek: (offset) => {
      at = offset;
    },
    next: () => {
      if (at >= bytes.length) return undefined;
      // Odd and small, so that records and line ends cross chunks.
      const chunk = bytes.subarray(at, at + 37);
      at += chunk.length;
      return chunk;
    },
  };
}
