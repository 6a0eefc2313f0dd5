// The one large array of a task host: made once, lent to one attempt's table or buffer after the other, never grown.
// Where there are kernels it is a WebAssembly memory, with what they need beside it.

import { invariant } from "../data-error.ts";
import { dataLimits } from "../data-limits.ts";
import { type AssemblyMemory, type KernelModule, createAssemblyMemory, openModule } from "../kernel/kernel-module.ts";
import { runKernels } from "../kernel/run-kernels.ts";
import { textKernels } from "../kernel/text-kernels.ts";
import { type RecordBatch, batchRecordsMax } from "../split/split-reader.ts";
import { MemoryBudget } from "./memory-budget.ts";

const KiB = 1024;

// Before the memory that is lent: data of modules and blocks of arguments; a chunk of input, with what is read beyond
// its end; a chunk that was not read into the memory and is copied; offsets of a batch; room to sort; a block of a run.
const blockAddress = 60 * KiB;
const chunkAddress = 64 * KiB;
const chunkBytes = 1024 * KiB;
const copyAddress = chunkAddress + chunkBytes + 64 * KiB;
const offsetsAddress = copyAddress + chunkBytes + 64 * KiB;
const roomAddress = offsetsAddress + batchRecordsMax * 8;
const roomBytes = 512 * KiB;
// The block of the run that is being written, with its head, and what kernels write beyond its end.
const runBlockAddress = roomAddress + roomBytes;
const runBlockBytes = dataLimits.blockRawBytesMax + 4 * KiB;
const workAddress = runBlockAddress + runBlockBytes;
const workBytes = 448 * KiB;
const queueAddress = workAddress + workBytes;
/** Of the keys that wait, with what is read beyond their end. */
export const queueBytes: number = 64 * KiB;
const lentAddress = queueAddress + queueBytes;
/** Of what is lent: tables and buffers have places in it as words of 32 bits, in which this one is 0. */
const lentBytesEnd = 2 ** 32;
/** Behind it: kernels touch slots ahead, and read words whole, up to so many bytes beyond the last. */
const beyondBytes = 128;

/** Modules that a job is likely to use, the likeliest first. Those that take longer than a thread mostly waits are not here. */
const usualModules: readonly KernelModule<unknown>[] = [runKernels, textKernels];

/** Where kernels find things: addresses in the memory, which are places in its bytes too. */
export interface KernelPlace {
  /** All of the memory. */
  readonly bytes: Uint8Array;
  /** The same as words of 4 bytes. */
  readonly words: Int32Array;
  /** 4 KiB for arguments. */
  readonly block: number;
  /** Offsets of a batch of records, two words each. */
  readonly offsets: number;
  /** For what the step of an attempt keeps while it lasts. */
  readonly work: number;
  readonly workBytes: number;
  /** 64 KiB for emitted keys that wait. */
  readonly queue: number;
  /** For numbers that a kernel needs while it runs. */
  readonly room: number;
  readonly roomBytes: number;
}

/** Memory to lend whole. Untouched pages cost nothing, so the full size may be made at start. */
export class KernelMemory {
  readonly budget: MemoryBudget;
  readonly #buffer: ArrayBufferLike;
  readonly #assembly: AssemblyMemory | undefined;
  readonly #begin: number;
  readonly #modules = new Map<string, unknown>();
  #chunk: Uint8Array | undefined;
  /** The batch whose bytes were copied last. */
  #copied: object | undefined;
  #isLent = false;
  #isBlockLent = false;
  /** Undefined where there can be no kernels. */
  readonly place: KernelPlace | undefined;

  /**
   * @param bytes a multiple of 8, smaller than 4 GiB.
   * @param memory of at least that many bytes, by default new memory without kernels.
   */
  constructor(bytes: number, memory: ArrayBufferLike | AssemblyMemory = new ArrayBuffer(bytes)) {
    this.#assembly = "buffer" in memory ? memory : undefined;
    this.#buffer = "buffer" in memory ? memory.buffer : memory;
    this.#begin = this.#assembly === undefined ? 0 : lentAddress;
    invariant(
      bytes % 8 === 0 && this.#buffer.byteLength >= bytes + this.#begin,
      "kernel memory is a multiple of 8 bytes",
    );
    invariant(bytes < lentBytesEnd, "kernel memory is smaller than 4 GiB");
    this.budget = new MemoryBudget(bytes);
    if (this.#assembly !== undefined)
      this.place = {
        bytes: new Uint8Array(this.#buffer),
        words: new Int32Array(this.#buffer),
        block: blockAddress,
        offsets: offsetsAddress,
        work: workAddress,
        workBytes,
        queue: queueAddress,
        room: roomAddress,
        roomBytes,
      };
  }

  /** Kernels that work here, compiled when they are first asked for; undefined where there can be none. */
  open<K>(module: KernelModule<K>): K | undefined {
    if (this.#assembly === undefined) return undefined;
    if (!this.#modules.has(module.name)) this.#modules.set(module.name, openModule(module, this.#assembly));
    return this.#modules.get(module.name) as K | undefined;
  }

  /**
   * Compile one more of the modules that most jobs use, 1 to 3 ms, before a job asks for it.
   *
   * @returns false when none is left.
   */
  openNext(): boolean {
    const module = usualModules.find(({ name }) => !this.#modules.has(name));
    if (this.#assembly === undefined || module === undefined) return false;
    this.open(module);
    return true;
  }

  /** 1 MiB for a chunk of input, where kernels find it. The memory's for ever, and of one reader at a time. */
  get chunk(): Uint8Array {
    this.#chunk ??=
      this.#assembly === undefined
        ? new Uint8Array(chunkBytes)
        : new Uint8Array(this.#buffer, chunkAddress, chunkBytes);
    return this.#chunk;
  }

  /**
   * Where the bytes of a batch lie: the address that its offsets go by. Bytes that lie elsewhere are copied, once.
   *
   * @returns undefined when they lie elsewhere and are more than 1 MiB; else good until the next batch.
   */
  baseOf(batch: Pick<RecordBatch, "bytes" | "offsets" | "count">): number | undefined {
    const { bytes, offsets, count } = batch;
    if (bytes.buffer === this.#buffer) return bytes.byteOffset;
    const [begin, end] = [offsets[0] ?? 0, offsets[2 * count - 1] ?? 0];
    if (this.place === undefined || end - begin > chunkBytes) return undefined;
    if (this.#copied !== batch) this.place.bytes.set(bytes.subarray(begin, end), copyAddress);
    this.#copied = batch;
    return copyAddress - begin;
  }

  /** Lend memory for the block of the run that is being written. @returns undefined without kernels, and while it is lent. */
  borrowBlock(): Uint8Array | undefined {
    if (this.#assembly === undefined || this.#isBlockLent) return undefined;
    this.#isBlockLent = true;
    return new Uint8Array(this.#buffer, runBlockAddress, runBlockBytes);
  }

  /** Take the block back. */
  giveBlockBack(): void {
    invariant(this.#isBlockLent, "a block is given back once");
    this.#isBlockLent = false;
  }

  /** Whether someone has it. */
  get isLent(): boolean {
    return this.#isLent;
  }

  /** Lend the memory; its content is whatever was there. One borrower at a time. */
  borrow(): Uint8Array {
    invariant(!this.#isLent, "kernel memory is lent to one at a time");
    this.budget.take(this.budget.limit);
    this.#isLent = true;
    return new Uint8Array(this.#buffer, this.#begin, this.budget.limit);
  }

  /** What is lent, for parts of the borrower. */
  get lent(): Uint8Array {
    invariant(this.#isLent, "memory is used by who has borrowed it");
    return new Uint8Array(this.#buffer, this.#begin, this.budget.limit);
  }

  /** Take it back. */
  giveBack(): void {
    invariant(this.#isLent, "kernel memory is given back once");
    this.budget.give(this.budget.limit);
    this.#isLent = false;
  }
}

/**
 * Make memory with kernels where there can be some.
 *
 * @param bytes - to lend, a multiple of 8, smaller than 4 GiB; within 4 MiB of that there is no room for kernels.
 */
export function createKernelMemory(bytes: number): KernelMemory {
  // Shared also without kernels: V8 counts an unshared one as the heap's and collects garbage for it, 7 ms.
  return new KernelMemory(
    bytes,
    createAssemblyMemory(lentAddress + bytes + beyondBytes) ?? new SharedArrayBuffer(bytes),
  );
}
