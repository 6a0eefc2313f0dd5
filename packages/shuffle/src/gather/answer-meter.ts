// Measures one answer, a stretch after the other: bytes, time, and how much of the time nothing was there to be taken. Time is handed in.

import { noteAnswer, probeBytes, type LinkAnswer, type LinkState } from "./link-coding.ts";

/** A moment of this thread. */
export interface Moment {
  /** Monotonic, in milliseconds. */
  readonly atMs: number;
  /** Milliseconds in which the thread has been at work, since it began. */
  readonly busyMs: number;
}

/** Count one answer's pieces as they come. */
export class AnswerMeter {
  #wireBytes = 0;
  #timedBytes = 0;
  #rawBytes = 0;
  #waitedMs = 0;
  /** Milliseconds of all answers of the source meanwhile. */
  #answersMs = 0;
  #firstMs: number | undefined;
  /** Whether a stretch was told of. */
  #told = false;
  #lastMs = 0;
  /** Since when nothing is left to be taken. */
  #idle: Moment = { atMs: 0, busyMs: 0 };

  /**
   * A piece is here. The first one begins the time: it took as long as the source needed to answer.
   * @param answers answers of the source that are under way, this one included.
   */
  arrived({ atMs, busyMs }: Moment, wireBytes: number, answers: number): void {
    this.#wireBytes += wireBytes;
    if (this.#firstMs === undefined) this.#firstMs = atMs;
    else {
      this.#timedBytes += wireBytes;
      // While the thread did something else the piece may have lain there: that is no time of the network's.
      this.#waitedMs += Math.max(0, atMs - this.#idle.atMs - (busyMs - this.#idle.busyMs));
      this.#answersMs += (atMs - this.#lastMs) * answers;
    }
    this.#lastMs = atMs;
  }

  /** The piece was taken. @param rawBytes bytes of the answer that came with it. */
  taken(moment: Moment, rawBytes: number): void {
    this.#rawBytes += rawBytes;
    this.#idle = moment;
  }

  /** Bytes of the answer in the present stretch, as they are before packing. */
  get rawBytes(): number {
    return this.#rawBytes;
  }

  /** Tell a link what its answer was like since the last time, and begin a stretch where that one ended. */
  tell(link: LinkState, { asked, coding }: Pick<LinkAnswer, "asked" | "coding">, atMs: number): void {
    const elapsedMs = this.#lastMs - (this.#firstMs ?? 0);
    noteAnswer(
      link,
      {
        asked,
        coding,
        rawBytes: this.#rawBytes,
        wireBytes: this.#wireBytes,
        // What lay there when the stretch before was measured comes at once: a short rest of an answer tells of that alone.
        timedBytes: this.#told && this.#rawBytes < probeBytes ? 0 : this.#timedBytes,
        elapsedMs,
        waitedMs: this.#waitedMs,
        answers: elapsedMs > 0 ? this.#answersMs / elapsedMs : 1,
      },
      atMs,
    );
    this.#told = true;
    this.#wireBytes = 0;
    this.#timedBytes = 0;
    this.#rawBytes = 0;
    this.#waitedMs = 0;
    this.#answersMs = 0;
    if (this.#firstMs !== undefined) this.#firstMs = this.#lastMs;
  }
}
