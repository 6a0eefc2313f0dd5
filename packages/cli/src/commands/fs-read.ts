// `millrace fs cat|head|tail`: bytes of files on stdout, as they lie in storage.

import type { FileStatus, Storage } from "@millrace/ports";
import { createDefaultStorages } from "@millrace/storage";
import { findFiles, withExitCodes } from "../fs/named-files.ts";
import { readPieces, writeOut } from "../fs/read-pieces.ts";
import { parseBytes, parseWhole } from "../output/units.ts";

type Flags = Readonly<Record<string, unknown>>;

const linesMax = 1_000_000_000;
/** How far a step back to the begin of lines goes. */
const backBytes = 64 * 1024;
const newline = 0x0a;

/** Print files whole, one after the other. */
export async function fsCatCommand(positional: readonly unknown[]): Promise<number> {
  await eachFile(positional, async (storage, file) => {
    for await (const piece of readPieces(storage, file)) await writeOut(piece);
  });
  return 0;
}

/** Print the first lines or bytes of files. */
export async function fsHeadCommand(positional: readonly unknown[], flags: Flags): Promise<number> {
  const amount = amountOf(flags);
  await eachFile(positional, async (storage, file) => {
    if (amount.bytes !== undefined) {
      for await (const piece of readPieces(storage, file, { bytes: amount.bytes })) await writeOut(piece);
      return;
    }
    let lines = amount.lines;
    for await (const piece of readPieces(storage, file)) {
      const end = endOfLines(piece, lines);
      lines = end.left;
      await writeOut(piece.subarray(0, end.at));
      if (lines === 0) return;
    }
  });
  return 0;
}

/** Print the last lines or bytes of files. */
export async function fsTailCommand(positional: readonly unknown[], flags: Flags): Promise<number> {
  const amount = amountOf(flags);
  await eachFile(positional, async (storage, file) => {
    const begin =
      amount.bytes === undefined
        ? await beginOfLastLines(storage, file, amount.lines)
        : Math.max(0, file.bytes - amount.bytes);
    for await (const piece of readPieces(storage, file, { begin })) await writeOut(piece);
  });
  return 0;
}

async function eachFile(
  positional: readonly unknown[],
  print: (storage: Storage, file: FileStatus) => Promise<void>,
): Promise<void> {
  const storage = createDefaultStorages(process.env);
  for (const word of positional[0] as readonly string[]) {
    await withExitCodes(async () => {
      for (const file of await findFiles(storage, word)) await print(storage, file);
    });
  }
}

function amountOf(flags: Flags): { readonly lines: number; readonly bytes: number | undefined } {
  const given = flags["bytes"] as string | undefined;
  const bytes = given === undefined ? undefined : parseBytes(given, "--bytes");
  return { lines: parseWhole(String(flags["lines"]), "--lines", { min: 0, max: linesMax }), bytes };
}

/** Find where a number of lines ends in a piece, or how many are left after it. */
function endOfLines(piece: Uint8Array, lines: number): { readonly at: number; readonly left: number } {
  let at = 0;
  let left = lines;
  while (left > 0) {
    const found = piece.indexOf(newline, at);
    if (found < 0) return { at: piece.length, left };
    at = found + 1;
    left -= 1;
  }
  return { at, left };
}

/** Go back from the end until enough line ends are passed; that of the last line does not count. */
async function beginOfLastLines(storage: Storage, file: FileStatus, lines: number): Promise<number> {
  if (lines === 0) return file.bytes;
  let passed = 0;
  for (let end = file.bytes; end > 0; end -= backBytes) {
    const begin = Math.max(0, end - backBytes);
    const block = await readWhole(storage, file, { begin, bytes: end - begin });
    for (let at = block.length - 1; at >= 0; at -= 1) {
      if (block[at] !== newline || begin + at === file.bytes - 1) continue;
      passed += 1;
      if (passed === lines) return begin + at + 1;
    }
  }
  return 0;
}

async function readWhole(
  storage: Storage,
  file: FileStatus,
  range: { readonly begin: number; readonly bytes: number },
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of readPieces(storage, file, range)) pieces.push(piece);
  return Buffer.concat(pieces);
}
