// What an attempt may hold in memory, counted: every region is taken before it is made and given back when it is let
// go, so that 0 <= used <= limit always, and used is 0 at the end.

import { invariant } from "../data-error.ts";

/** Count bytes against a limit. It makes no memory itself. */
export class MemoryBudget {
  readonly limit: number;
  #used = 0;
  #peak = 0;

  /** @param limit bytes, a safe integer of 0 or more. */
  constructor(limit: number) {
    invariant(Number.isSafeInteger(limit) && limit >= 0, `a budget is a safe integer of bytes: ${limit}`);
    this.limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  /** The most that was in use at a time. */
  get peak(): number {
    return this.#peak;
  }

  get free(): number {
    return this.limit - this.#used;
  }

  /** Take bytes when they are free. @returns false, with nothing taken, when they are not. */
  maybeTake(bytes: number): boolean {
    invariant(Number.isSafeInteger(bytes) && bytes >= 0, `memory is taken in whole bytes: ${bytes}`);
    if (bytes > this.limit - this.#used) return false;
    this.#used += bytes;
    if (this.#used > this.#peak) this.#peak = this.#used;
    return true;
  }

  /** Take bytes that must be free. @throws {DataInvariantError} when they are not. */
  take(bytes: number): void {
    invariant(this.maybeTake(bytes), `${bytes} bytes wanted, ${this.free} of ${this.limit} free`);
  }

  /** Give back bytes that were taken. @throws {DataInvariantError} when more comes back than was taken. */
  give(bytes: number): void {
    invariant(
      Number.isSafeInteger(bytes) && bytes >= 0 && bytes <= this.#used,
      `${bytes} bytes given back, ${this.#used} taken`,
    );
    this.#used -= bytes;
  }

  /** Everything has been given back. @throws {DataInvariantError} when something has not. */
  close(): void {
    invariant(this.#used === 0, `${this.#used} bytes of a budget were never given back`);
  }
}
