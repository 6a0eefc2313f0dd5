// Small files of network storage, read before they are asked for: each costs a few answers of servers and hardly a byte,
// so that one after the other a pack of 1,000 is mostly waiting. Bounded, and in the order of the split.

import type { PlannedPart } from "../compute/io-messages.ts";
import { hostLimits } from "../host-limits.ts";

/** Read a planned file whole, and check that it still is what was planned. */
export type FetchFile = (planned: PlannedPart) => Promise<Uint8Array>;

/** Read the small files of one split ahead. */
export class ReadAhead {
  readonly #parts: readonly PlannedPart[];
  readonly #indexes: ReadonlyMap<string, number>;
  readonly #fetch: FetchFile;
  readonly #fetched = new Map<number, Promise<Uint8Array>>();
  /** Those that were taken, and not read in another way since. */
  readonly #taken = new Set<number>();
  /** Parts below it are fetched, being fetched, or taken. */
  #next = 0;

  /** @param parts - of the split, in its order; those alone are read ahead that nobody has opened so far and that are small. */
  constructor(parts: readonly PlannedPart[], fetch: FetchFile) {
    this.#parts = parts.filter(({ part }) => part.codec === "detect" && part.fileBytes <= hostLimits.ringChunkBytes);
    this.#indexes = new Map(this.#parts.map(({ part }, index) => [part.uri, index]));
    this.#fetch = fetch;
  }

  /**
   * Take a file, once; the next ones begin to be read.
   *
   * @returns its bytes, which are the caller's; undefined for one that is not read ahead, or was taken.
   */
  take({ part }: PlannedPart): Promise<Uint8Array> | undefined {
    const index = this.#indexes.get(part.uri);
    if (index === undefined || part.codec !== "detect") return undefined;
    this.#next = Math.max(this.#next, index);
    for (; this.#next < Math.min(index + hostLimits.filesAhead, this.#parts.length); this.#next += 1)
      this.#begin(this.#next);
    const bytes = this.#fetched.get(index);
    this.#fetched.delete(index);
    if (bytes === undefined) this.#taken.delete(index);
    else this.#taken.add(index);
    return bytes;
  }

  /** A file is read in another way, as from its begin once more: what was seen of it before is no proof. */
  passBy({ part }: PlannedPart): void {
    const index = this.#indexes.get(part.uri);
    if (index !== undefined) this.#taken.delete(index);
  }

  /** Whether a file was read whole and looked at after that: nothing that happens to it later matters. */
  isChecked({ part }: PlannedPart): boolean {
    const index = this.#indexes.get(part.uri);
    return index !== undefined && this.#taken.has(index);
  }

  #begin(index: number): void {
    const planned = this.#parts[index];
    if (planned === undefined) return;
    const bytes = this.#fetch(planned);
    // Who takes it is told; when nobody does, the attempt has ended.
    bytes.catch(() => undefined);
    this.#fetched.set(index, bytes);
  }
}
