// Groups merged pairs by their group key. With an order key the merged key is the group key in its self-delimiting
// form followed by the order key; without, it is the group key.

import { ByteReader } from "../bytes/byte-reader.ts";
import { compareRanges } from "../bytes/compare-bytes.ts";
import { readEscaped } from "../codec/bytes-codec.ts";
import type { SegmentCursor } from "../run/segment-cursor.ts";
import type { MergedCursor } from "./loser-tree.ts";

/** Walk groups, and the pairs of each. */
export class GroupCursor {
  readonly #merged: MergedCursor;
  readonly #isOrdered: boolean;
  readonly #reader = new ByteReader();
  /** The group key, unescaped. */
  #key: Uint8Array = new Uint8Array(64);
  #keyLength = 0;
  /** The group's part of the merged key, with its end: what pairs of the group begin with. Kept only with order keys. */
  #prefix: Uint8Array = new Uint8Array(64);
  #prefixLength = 0;
  /** Where the merged cursor is: before the first pair, at a pair of the next group, inside this group, after the last. */
  #state: "start" | "ahead" | "inside" | "end" = "start";
  /** The group's first pair is current but has not been handed out. */
  #firstIsDue = false;
  groups = 0;

  constructor(merged: MergedCursor, isOrdered: boolean) {
    this.#merged = merged;
    this.#isOrdered = isOrdered;
  }

  /** Go to the next group; pairs of this one that were not looked at are read. @returns false after the last. */
  nextGroup(): boolean {
    while (this.nextPair());
    if (this.#state === "start") this.#state = this.#merged.next() ? "ahead" : "end";
    if (this.#state === "end") return false;
    this.#takeKey();
    this.#state = "inside";
    this.#firstIsDue = true;
    this.groups++;
    return true;
  }

  /** Go to the group's next pair; its value is at {@link current}. @returns false after the last of the group. */
  nextPair(): boolean {
    if (this.#state !== "inside") return false;
    if (this.#firstIsDue) {
      this.#firstIsDue = false;
      return true;
    }
    if (!this.#merged.next()) {
      this.#state = "end";
      return false;
    }
    if (this.#merged.sameKey || (this.#isOrdered && this.#hasPrefix())) return true;
    this.#state = "ahead";
    return false;
  }

  /** The cursor that has the pair that {@link nextPair} went to. */
  get current(): SegmentCursor {
    return this.#merged.current!;
  }

  /** The group key's bytes; only the first `keyLength` count. Valid until the next group. */
  get key(): Uint8Array {
    return this.#key;
  }

  get keyLength(): number {
    return this.#keyLength;
  }

  #takeKey(): void {
    const { key, keyLength } = this.#merged;
    if (!this.#isOrdered) {
      this.#key = copyOver(this.#key, key, 0, keyLength);
      this.#keyLength = keyLength;
      return;
    }
    const part = readEscaped(this.#reader.reset(key, 0, keyLength));
    this.#key = copyOver(this.#key, part.bytes, part.start, part.end);
    this.#keyLength = part.end - part.start;
    this.#prefixLength = this.#reader.at;
    this.#prefix = copyOver(this.#prefix, key, 0, this.#prefixLength);
  }

  #hasPrefix(): boolean {
    const { key, keyLength, sharedLength } = this.#merged;
    // The key before begins with it.
    if (sharedLength >= this.#prefixLength) return true;
    return (
      keyLength >= this.#prefixLength &&
      compareRanges(key, 0, this.#prefixLength, this.#prefix, 0, this.#prefixLength) === 0
    );
  }
}

/** Copy a range into an array, or into a larger one. @returns the array used. */
function copyOver(target: Uint8Array, bytes: Uint8Array, start: number, end: number): Uint8Array {
  const into = end - start > target.length ? new Uint8Array(Math.max(end - start, target.length * 2)) : target;
  if (end - start <= 24) for (let from = start, to = 0; from < end; from++, to++) into[to] = bytes[from]!;
  else into.set(bytes.subarray(start, end));
  return into;
}
