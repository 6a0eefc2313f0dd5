// What reduce attempts brought from other workers, in bytes, until they report: those of segments, and those that the
// wire carried, which are fewer where segments came packed. Of a worker that is new the attempt counts from then on.

import { attemptKey, gatheredBytes, gatheredWireBytes, type AttemptRef, type AttemptResult } from "@millrace/core";

/** Bytes of one attempt. */
interface GatheredBytes {
  bytes: number;
  wireBytes: number;
}

/** Know what live attempts gathered. */
export class GatherTally {
  readonly #readers = new Map<string, GatheredBytes>();

  /** Count a segment that came. */
  add(reader: AttemptRef, { bytes, wireBytes }: Readonly<GatheredBytes>): void {
    const key = attemptKey(reader);
    const sum = this.#readers.get(key) ?? { bytes: 0, wireBytes: 0 };
    this.#readers.set(key, { bytes: sum.bytes + bytes, wireBytes: sum.wireBytes + wireBytes });
  }

  /** The result with counters of what its attempt gathered; as it is when that was nothing. */
  counted(result: AttemptResult): AttemptResult {
    const sum = this.#readers.get(attemptKey(result.attempt));
    if (sum === undefined) return result;
    const counters = { ...result.counters, [gatheredBytes]: sum.bytes, [gatheredWireBytes]: sum.wireBytes };
    return { ...result, counters };
  }

  /** Nothing of the attempt is needed any more. */
  forget(reader: AttemptRef): void {
    this.#readers.delete(attemptKey(reader));
  }
}
