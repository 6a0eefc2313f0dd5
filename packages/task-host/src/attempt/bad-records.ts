// Records that a format could not parse: all are counted, the first few are kept for the user to look at.

import { limits } from "@millrace/core";
import type { BadRecordSample } from "@millrace/core";
import { hostLimits } from "../host-limits.ts";
import { escapeText, showBytes } from "./show-bytes.ts";

/** Count and sample bad records of one attempt. */
export class BadRecords {
  #count = 0;
  readonly #samples: BadRecordSample[] = [];

  /** Note one. Nothing of `bytes` is kept. */
  note(place: { readonly uri: string; readonly offset: number }, bytes: Uint8Array, reason: string): void {
    this.#count += 1;
    if (this.#samples.length >= limits.badRecordSamplesMax) return;
    const max = hostLimits.badRecordCharactersMax;
    this.#samples.push({
      uri: place.uri,
      offset: place.offset,
      // The cut may leave half of a pair of surrogates.
      reason: escapeText(reason).slice(0, max).toWellFormed(),
      text: showBytes(bytes, max).slice(0, max).toWellFormed(),
    });
  }

  get count(): number {
    return this.#count;
  }

  /** In the order of the input. */
  get samples(): readonly BadRecordSample[] {
    return this.#samples;
  }
}
