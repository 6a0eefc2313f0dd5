// Merges cursors: the least key first, equal keys by the cursor's place. A tree of losers (Knuth, TAOCP 3, 5.4.1) needs
// one comparison a level, and most are of two numbers that hold the key's first ten bytes.

import { compareRanges } from "../bytes/compare-bytes.ts";
import { invariant } from "../data-error.ts";
import type { SegmentCursor } from "../run/segment-cursor.ts";

/** Pairs of several cursors in one order. Members describe the pair that {@link next} moved to. */
export class MergedCursor {
  /** The cursor that has the pair; undefined before the first and after the last. */
  current: SegmentCursor | undefined;
  /** Whether the key is that of the pair before. */
  sameKey = false;
  /** The key; only the first `keyLength` bytes count. */
  key: Uint8Array = new Uint8Array(64);
  keyLength = 0;
  /** So many of its first bytes are those of the key before, at least. */
  sharedLength = 0;
  pairsRead = 0;

  readonly #cursors: readonly SegmentCursor[];
  /** First 6 and next 4 bytes of each cursor's key; Infinity when it has ended. */
  readonly #high: Float64Array;
  readonly #low: Float64Array;
  /** Place 0 is the winner, the others losers of the matches on the way up. */
  readonly #tree: Int32Array;
  #started = false;

  /** @param cursors in the order that decides between equal keys: map task, then time. They are closed by their owner. */
  constructor(cursors: readonly SegmentCursor[]) {
    this.#cursors = cursors;
    this.#high = new Float64Array(cursors.length);
    this.#low = new Float64Array(cursors.length);
    this.#tree = new Int32Array(Math.max(1, cursors.length));
  }

  /** Move to the next pair. @returns false after the last. @throws {DataError} of the cursor that is damaged. */
  next(): boolean {
    const cursors = this.#cursors;
    if (!this.#started) this.#start();
    else {
      const winner = this.#tree[0]!;
      const cursor = cursors[winner];
      if (cursor === undefined || this.current === undefined) return false;
      if (cursor.next()) {
        if (cursor.sameKey) {
          // It has won against every other with this key, and none can have a smaller one.
          this.sameKey = true;
          this.sharedLength = this.keyLength;
          this.pairsRead++;
          return true;
        }
        this.#load(winner);
      } else this.#high[winner] = Number.POSITIVE_INFINITY;
      this.#replay(winner);
    }
    const winner = this.#tree[0]!;
    if (cursors.length === 0 || this.#high[winner] === Number.POSITIVE_INFINITY) {
      this.current = undefined;
      return false;
    }
    this.#enter(cursors[winner]!);
    return true;
  }

  /** Compare with the pair before, which may have come from another cursor: keys ascend, whatever happens. */
  #enter(cursor: SegmentCursor): void {
    // A cursor knows how much of its key is that of its pair before.
    const shared = cursor === this.current ? cursor.sharedLength : 0;
    const order =
      this.pairsRead === 0 ? 1 : compareRanges(cursor.key, shared, cursor.keyLength, this.key, shared, this.keyLength);
    invariant(order >= 0, "merged keys ascend");
    this.current = cursor;
    this.sameKey = order === 0;
    this.pairsRead++;
    if (order === 0) this.sharedLength = this.keyLength;
    else this.#copyKey(cursor, shared);
  }

  /** Take the cursor's key, whose first `shared` bytes are there already. */
  #copyKey({ key, keyLength }: SegmentCursor, shared: number): void {
    if (keyLength > this.key.length) {
      const grown = new Uint8Array(Math.max(keyLength, this.key.length * 2));
      grown.set(this.key.subarray(0, shared));
      this.key = grown;
    }
    this.keyLength = keyLength;
    this.sharedLength = shared;
    const own = this.key;
    if (keyLength - shared <= 24) for (let index = shared; index < keyLength; index++) own[index] = key[index]!;
    else own.set(key.subarray(shared, keyLength), shared);
  }

  #start(): void {
    this.#started = true;
    const count = this.#cursors.length;
    for (let index = 0; index < count; index++) {
      if (this.#cursors[index]!.next()) this.#load(index);
      else this.#high[index] = Number.POSITIVE_INFINITY;
    }
    // Winners from the leaves up; a loser stays where it lost.
    const winners = new Int32Array(2 * count);
    for (let index = 0; index < count; index++) winners[count + index] = index;
    for (let node = count - 1; node >= 1; node--) {
      const left = winners[2 * node]!;
      const right = winners[2 * node + 1]!;
      const leftWins = this.#isBefore(left, right);
      winners[node] = leftWins ? left : right;
      this.#tree[node] = leftWins ? right : left;
    }
    this.#tree[0] = count > 1 ? winners[1]! : 0;
  }

  #replay(from: number): void {
    const tree = this.#tree;
    let winner = from;
    for (let node = (from + this.#cursors.length) >>> 1; node > 0; node >>>= 1) {
      const loser = tree[node]!;
      if (!this.#isBefore(loser, winner)) continue;
      tree[node] = winner;
      winner = loser;
    }
    tree[0] = winner;
  }

  #isBefore(a: number, b: number): boolean {
    const highA = this.#high[a]!;
    const highB = this.#high[b]!;
    if (highA !== highB) return highA < highB;
    if (highA === Number.POSITIVE_INFINITY) return a < b;
    const lowA = this.#low[a]!;
    const lowB = this.#low[b]!;
    if (lowA !== lowB) return lowA < lowB;
    const first = this.#cursors[a]!;
    const second = this.#cursors[b]!;
    const order = compareRanges(first.key, 0, first.keyLength, second.key, 0, second.keyLength);
    return order === 0 ? a < b : order < 0;
  }

  /** The numbers of a cursor's key. Bytes beyond a short key count as 0; the whole keys decide between equal numbers. */
  #load(index: number): void {
    const { key, keyLength } = this.#cursors[index]!;
    if (keyLength >= 10) {
      this.#high[index] =
        ((key[0]! << 16) | (key[1]! << 8) | key[2]!) * 0x100_0000 + ((key[3]! << 16) | (key[4]! << 8) | key[5]!);
      this.#low[index] = ((key[6]! << 24) | (key[7]! << 16) | (key[8]! << 8) | key[9]!) >>> 0;
      return;
    }
    let high = 0;
    let low = 0;
    for (let place = 0; place < 6; place++) high = high * 256 + (place < keyLength ? key[place]! : 0);
    for (let place = 6; place < 10; place++) low = low * 256 + (place < keyLength ? key[place]! : 0);
    this.#high[index] = high;
    this.#low[index] = low;
  }
}
