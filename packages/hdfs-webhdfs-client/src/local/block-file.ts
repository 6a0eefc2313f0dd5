// A block's file on this machine's disk, read with its checksums.
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import type { LocatedBlock } from "../model/block-location.ts";
import {
  checksumBytes,
  checksumHeaderBytes,
  type ChecksumKind,
  firstWrongChunk,
  readChecksumHeader,
} from "./block-checksums.ts";

/** A block that cannot be read from the disk; it is read by OPEN instead. */
export class LocalReadFailure extends Error {
  override readonly name = "LocalReadFailure";
}

/** Bytes read at a time: few system calls, little memory. */
const windowBytes = 1024 * 1024;

/**
 * Where a DataNode keeps a finished block below one of its data directories. Source: Hadoop's DatanodeUtil.idToBlockDir,
 * 32 × 32 folders since 2.8.
 */
export function blockPath(dataDirectory: string, block: Pick<LocatedBlock, "blockPoolId" | "blockId">): string {
  const { blockPoolId, blockId } = block;
  // Beyond 2^31 only the low bits matter, and `>>` would lose them.
  const low = blockId % 2 ** 24;
  const folders = [`subdir${(low >> 16) & 31}`, `subdir${(low >> 8) & 31}`];
  return join(dataDirectory, "current", blockPoolId, "current", "finalized", ...folders, `blk_${blockId}`);
}

/** An open block. */
export class BlockFile {
  readonly #data: FileHandle;
  readonly #sums: FileHandle;
  readonly #kind: ChecksumKind;
  readonly #bytes: number;

  private constructor(data: FileHandle, sums: FileHandle, kind: ChecksumKind, bytes: number) {
    this.#data = data;
    this.#sums = sums;
    this.#kind = kind;
    this.#bytes = bytes;
  }

  /**
   * Open a block below a data directory. The stamp in the name of its checksums shows that it is this version of the block.
   * @returns undefined if it is not there
   * @throws {LocalReadFailure} if it is there but not fit
   */
  static async open(dataDirectory: string, block: LocatedBlock): Promise<BlockFile | undefined> {
    const path = blockPath(dataDirectory, block);
    const data = await openIfThere(path);
    if (data === undefined) return undefined;
    let sums: FileHandle | undefined;
    try {
      sums = await openIfThere(`${path}_${block.generationStamp}.meta`);
      if (sums === undefined) throw new LocalReadFailure(`no checksums for ${path}`);
      const { size } = await data.stat();
      if (size !== block.bytes) throw new LocalReadFailure(`${path} has ${size} bytes, not ${block.bytes}`);
      const kind = readChecksumHeader(await readExactly(sums, 0, checksumHeaderBytes));
      if (kind === undefined) throw new LocalReadFailure(`unknown checksums of ${path}`);
      return new BlockFile(data, sums, kind, block.bytes);
    } catch (error) {
      await data.close();
      await sums?.close();
      throw error;
    }
  }

  /** Read a range of the block, each window checked before it is given. The caller owns the chunks. */
  async *read(from: number, to: number): AsyncGenerator<Uint8Array, void> {
    const { chunkBytes } = this.#kind;
    const step = Math.max(chunkBytes, Math.floor(windowBytes / chunkBytes) * chunkBytes);
    for (let start = Math.floor(from / chunkBytes) * chunkBytes; start < to; start += step) {
      // Whole chunks, as the checksums are theirs; only the block's last is short.
      const wanted = Math.min(start + step, Math.ceil(to / chunkBytes) * chunkBytes, this.#bytes);
      const bytes = await readExactly(this.#data, start, wanted - start);
      await this.#check(start, bytes);
      yield bytes.subarray(Math.max(0, from - start), Math.min(bytes.length, to - start));
    }
  }

  async close(): Promise<void> {
    await this.#data.close();
    await this.#sums.close();
  }

  async #check(start: number, bytes: Uint8Array): Promise<void> {
    const { algorithm, chunkBytes } = this.#kind;
    if (algorithm === "none") return;
    const first = start / chunkBytes;
    const count = Math.ceil(bytes.length / chunkBytes);
    const sums = await readExactly(this.#sums, checksumHeaderBytes + first * checksumBytes, count * checksumBytes);
    const wrong = firstWrongChunk(this.#kind, bytes, sums);
    if (wrong >= 0) throw new LocalReadFailure(`checksum of chunk ${first + wrong} is wrong`);
  }
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, "r");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new LocalReadFailure(`cannot open ${path}: ${code ?? String(error)}`, { cause: error });
  }
}

async function readExactly(file: FileHandle, position: number, bytes: number): Promise<Uint8Array> {
  const into = new Uint8Array(bytes);
  let filled = 0;
  while (filled < bytes) {
    const { bytesRead } = await file.read(into, filled, bytes - filled, position + filled);
    if (bytesRead === 0) throw new LocalReadFailure(`a file of a block ends at ${position + filled}`);
    filled += bytesRead;
  }
  return into;
}
