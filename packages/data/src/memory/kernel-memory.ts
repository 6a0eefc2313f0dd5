// The one large array of a task host: made once, lent to one attempt's table or buffer after the other, never grown.
// Later kernels work in it too, then it is a WebAssembly memory's buffer.

import { invariant } from "../data-error.ts";
import { MemoryBudget } from "./memory-budget.ts";

/** Memory to lend whole. Untouched pages cost nothing, so the full size may be made at start. */
export class KernelMemory {
  readonly budget: MemoryBudget;
  readonly #buffer: ArrayBufferLike;
  #isLent = false;

  /** @param bytes a multiple of 8. @param buffer memory of at least that many bytes, by default a new one. */
  constructor(bytes: number, buffer: ArrayBufferLike = new ArrayBuffer(bytes)) {
    invariant(bytes % 8 === 0 && buffer.byteLength >= bytes, "kernel memory is a multiple of 8 bytes");
    this.budget = new MemoryBudget(bytes);
    this.#buffer = buffer;
  }

  /** Lend the memory; its content is whatever was there. One borrower at a time. */
  borrow(): Uint8Array {
    invariant(!this.#isLent, "kernel memory is lent to one at a time");
    this.budget.take(this.budget.limit);
    this.#isLent = true;
    return new Uint8Array(this.#buffer, 0, this.budget.limit);
  }

  /** Take it back. */
  giveBack(): void {
    invariant(this.#isLent, "kernel memory is given back once");
    this.budget.give(this.budget.limit);
    this.#isLent = false;
  }
}
