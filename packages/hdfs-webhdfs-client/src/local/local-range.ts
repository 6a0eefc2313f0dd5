// Which blocks of a range lie on this machine's disk. The right to read the file is the name service's to give: it is
// asked for the block locations, which it refuses without that right.
import { networkInterfaces } from "node:os";
import { askForReply } from "../calls/read-reply.ts";
import type { ClientContext } from "../calls/client-context.ts";
import {
  type DataNodeAddress,
  type LocatedBlock,
  type LocatedBlocks,
  readLocatedBlocks,
} from "../model/block-location.ts";
import { WebHdfsError } from "../errors/web-hdfs-error.ts";
import { BlockFile, LocalReadFailure } from "./block-file.ts";
import { dataDirectoriesOf } from "./data-directories.ts";

/** A block on the disk. */
export interface LocalPiece {
  readonly file: BlockFile;
  readonly block: LocatedBlock;
  readonly node: DataNodeAddress;
}

/** Blocks of one range of one file. */
export class LocalRange {
  readonly #context: ClientContext;
  readonly #path: string;
  readonly #range: { readonly offset: number; readonly length: number };
  readonly #signal: AbortSignal | undefined;
  readonly #givenUp = new Set<number>();
  #located: LocatedBlocks | undefined;

  constructor(
    context: ClientContext,
    path: string,
    range: { readonly offset: number; readonly length: number },
    signal: AbortSignal | undefined,
  ) {
    this.#context = context;
    this.#path = path;
    this.#range = range;
    this.#signal = signal;
  }

  /** The block at a position, if it can be read here; the caller closes its file. */
  async find(position: number): Promise<LocalPiece | undefined> {
    const block = (await this.#locate()).find(({ offset, bytes }) => position >= offset && position < offset + bytes);
    if (block === undefined || this.#givenUp.has(block.blockId)) return undefined;
    for (const node of block.dataNodes.filter(isHere)) {
      try {
        const file = await this.#open(block, node);
        if (file !== undefined) return { file, block, node };
      } catch (error) {
        this.#signal?.throwIfAborted();
        if (!(error instanceof LocalReadFailure)) throw error;
      }
    }
    this.giveUp(block);
    return undefined;
  }

  /** Read this block by OPEN. */
  giveUp(block: LocatedBlock): void {
    this.#givenUp.add(block.blockId);
  }

  async #open(block: LocatedBlock, node: DataNodeAddress): Promise<BlockFile | undefined> {
    for (const directory of await dataDirectoriesOf(this.#context, node, this.#signal)) {
      const file = await BlockFile.open(directory, block);
      if (file !== undefined) return file;
    }
    return undefined;
  }

  /** Blocks with a plain file: not being written, not erasure-coded (their ids are negative), not corrupt. */
  async #locate(): Promise<readonly LocatedBlock[]> {
    if (this.#located === undefined) {
      const call = {
        operation: "GET_BLOCK_LOCATIONS",
        path: this.#path,
        query: this.#range,
        signal: this.#signal,
      } as const;
      try {
        this.#located = await askForReply(this.#context, call, readLocatedBlocks);
        this.#context.dataNodes.learn(this.#located);
      } catch (error) {
        if (!(error instanceof WebHdfsError)) throw error;
        // The read by OPEN will tell, if it fails as well.
        this.#located = { fileBytes: 0, underConstruction: true, blocks: [] };
      }
    }
    const { blocks, underConstruction } = this.#located;
    if (underConstruction) return [];
    return blocks.filter(({ blockId, corrupt }) => !corrupt && blockId > 0 && Number.isSafeInteger(blockId));
  }
}

/** Whether a DataNode's address is one of this machine. */
function isHere(node: DataNodeAddress): boolean {
  if (node.ip.startsWith("127.") || node.ip === "::1") return true;
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === node.ip));
}
