// Lets a bounded number of responses work at once; others wait in order. Bounds open files and chunk memory.

/** A gate with `count` passes. */
export class ResponseGate {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** Wait for a pass; every `enter` needs a `leave`. Waiters are bounded by the server's connections. */
  enter(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Give the pass to the next in line. */
  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free += 1;
    else next();
  }
}
