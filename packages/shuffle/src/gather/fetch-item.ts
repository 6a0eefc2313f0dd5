// One segment that somebody waits for, from the call to its outcome. Settles exactly once.

import type { SegmentOutcome, SegmentRequest } from "@millrace/ports";
import { SegmentWriter, type SegmentWriterOptions } from "./segment-writer.ts";

/** A fetch in the making. */
export class FetchItem {
  readonly request: SegmentRequest;
  readonly writer: SegmentWriter;
  readonly outcome: Promise<SegmentOutcome>;
  /** Fires when nobody waits any more. */
  readonly aborted: AbortSignal;
  readonly #onAbort: () => void;
  #settle: (outcome: SegmentOutcome) => void = () => undefined;
  /** Times that it may yet go on after a cut. */
  resumesLeft: number;
  /** Bytes at the last cut: without more since then there is no point in going on. */
  resumedAt = 0;
  /** A packed answer could not be unpacked: it goes on raw, once. */
  triesRaw = false;
  settled = false;
  /** What its bytes took on the wire: its share of answers that came packed. */
  wireBytes = 0;

  /** @param onAbort called once when nobody waits any more. */
  constructor(
    request: SegmentRequest,
    signal: AbortSignal,
    options: SegmentWriterOptions & { readonly resumes: number; readonly onAbort: () => void },
  ) {
    this.request = request;
    this.writer = new SegmentWriter(request.path, request.place, options);
    this.resumesLeft = options.resumes;
    this.aborted = signal;
    this.outcome = new Promise((resolve) => (this.#settle = resolve));
    this.#onAbort = () => {
      this.writer.fail("unreachable", "The fetch was cancelled");
      options.onAbort();
    };
    if (signal.aborted) this.#onAbort();
    else signal.addEventListener("abort", this.#onAbort, { once: true });
  }

  /** Whether the fetch was given up by its caller or has met its end in the writer. */
  get dead(): boolean {
    return this.writer.state.kind !== "open";
  }

  /** All bytes came, or the writer has failed: tell the outcome. */
  async finish(): Promise<void> {
    if (this.settled) return;
    this.settled = true;
    this.aborted.removeEventListener("abort", this.#onAbort);
    if (this.dead) await this.writer.discard();
    else await this.writer.finish();
    const { state, bytes } = this.writer;
    this.#settle(state.kind === "open" ? { kind: "fetched", bytes, wireBytes: Math.round(this.wireBytes) } : state);
  }
}
