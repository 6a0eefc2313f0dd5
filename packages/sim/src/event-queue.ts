// The queue of a simulation: what happens next, by (time, sequence). A binary heap in three arrays.

/** Hold acts until their time comes; acts of one time run in the order in which they were added. */
export class EventQueue {
  private readonly times: number[] = [];
  private readonly sequences: number[] = [];
  private readonly acts: (() => void)[] = [];
  private sequence = 0;

  get size(): number {
    return this.times.length;
  }

  /** Add an act at a time in ms. */
  push(atMs: number, act: () => void): void {
    let at = this.times.length;
    const sequence = this.sequence++;
    this.times.push(atMs);
    this.sequences.push(sequence);
    this.acts.push(act);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.before(at, parent)) break;
      this.swap(at, parent);
      at = parent;
    }
  }

  /** Time of the next act, or undefined when there is none. */
  nextAtMs(): number | undefined {
    return this.times[0];
  }

  /** Take the next act. @returns undefined when there is none. */
  pop(): (() => void) | undefined {
    const act = this.acts[0];
    if (act === undefined) return undefined;
    this.swap(0, this.times.length - 1);
    this.times.pop();
    this.sequences.pop();
    this.acts.pop();
    this.sink(0);
    return act;
  }

  private sink(from: number): void {
    let at = from;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= this.times.length) return;
      const right = left + 1;
      const child = right < this.times.length && this.before(right, left) ? right : left;
      if (!this.before(child, at)) return;
      this.swap(at, child);
      at = child;
    }
  }

  private before(one: number, other: number): boolean {
    const difference = (this.times[one] as number) - (this.times[other] as number);
    return difference < 0 || (difference === 0 && (this.sequences[one] as number) < (this.sequences[other] as number));
  }

  private swap(one: number, other: number): void {
    exchange(this.times, one, other);
    exchange(this.sequences, one, other);
    exchange(this.acts, one, other);
  }
}

function exchange(items: unknown[], one: number, other: number): void {
  const kept = items[one];
  items[one] = items[other];
  items[other] = kept;
}
