// Measures one answer: bytes, time, and how much of the time nothing was there to be taken. Time is handed in.

import { noteAnswer, type LinkAnswer, type LinkState } from "./link-coding.ts";

/** Count one answer's pieces as they come. */
export class AnswerMeter {
  #wireBytes = 0;
  #timedBytes = 0;
  #rawBytes = 0;
  #waitedMs = 0;
  #firstMs: number | undefined;
  #lastMs = 0;
  /** Since when nothing is left to be taken. */
  #idleMs = 0;

  /** A piece is here. The first one begins the time: it took as long as the source needed to answer. */
  arrived(atMs: number, wireBytes: number): void {
    this.#wireBytes += wireBytes;
    if (this.#firstMs === undefined) this.#firstMs = atMs;
    else {
      this.#timedBytes += wireBytes;
      this.#waitedMs += atMs - this.#idleMs;
    }
    this.#lastMs = atMs;
  }

  /** The piece was taken. @param rawBytes bytes of the answer that came with it. */
  taken(atMs: number, rawBytes: number): void {
    this.#rawBytes += rawBytes;
    this.#idleMs = atMs;
  }

  /** Tell a link what its answer was like. */
  tell(link: LinkState, { asked, coding }: Pick<LinkAnswer, "asked" | "coding">, atMs: number): void {
    noteAnswer(
      link,
      {
        asked,
        coding,
        rawBytes: this.#rawBytes,
        wireBytes: this.#wireBytes,
        timedBytes: this.#timedBytes,
        elapsedMs: this.#lastMs - (this.#firstMs ?? 0),
        waitedMs: this.#waitedMs,
      },
      atMs,
    );
  }
}
