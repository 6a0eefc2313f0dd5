// Gathers small writes: a run of 999 partitions with a few pairs each would otherwise make 999 calls of the system.

import type { ByteTarget } from "./byte-store.ts";

const stageBytes = 64 * 1024;

/** A target that holds back up to 64 KiB and counts what it was given. */
export class StagedTarget implements ByteTarget {
  readonly #target: ByteTarget;
  readonly #stage = new Uint8Array(stageBytes);
  #staged = 0;
  /** Bytes given so far. */
  length = 0;

  constructor(target: ByteTarget) {
    this.#target = target;
  }

  write(bytes: Uint8Array): void {
    this.length += bytes.length;
    if (bytes.length > stageBytes - this.#staged) this.#flush();
    if (bytes.length >= stageBytes) {
      this.#target.write(bytes);
      return;
    }
    this.#stage.set(bytes, this.#staged);
    this.#staged += bytes.length;
  }

  finish(): void {
    this.#flush();
    this.#target.finish();
  }

  discard(): void {
    this.#target.discard();
  }

  #flush(): void {
    if (this.#staged > 0) this.#target.write(this.#stage.subarray(0, this.#staged));
    this.#staged = 0;
  }
}
