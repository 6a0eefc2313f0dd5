import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type KeyAccess, RadixSorter, sortArraysIn, sortEntryBytes } from "../../src/sort/radix-sort.ts";
import { seededRandom } from "../seeded-random.ts";

class Keys implements KeyAccess {
  readonly keys: readonly Buffer[];
  constructor(keys: readonly Buffer[]) {
    this.keys = keys;
  }
  wordAt(ref: number, depth: number): number {
    const key = this.keys[ref]!;
    return [0, 1, 2, 3].reduce((word, index) => word * 256 + (key[depth + index] ?? 0), 0);
  }
  lengthOf(ref: number): number {
    return this.keys[ref]!.length;
  }
  commonWords(a: number, b: number, depth: number, max: number): number {
    let common = 0;
    const end = Math.min(this.lengthOf(a), this.lengthOf(b));
    while (common < max && depth + common * 4 + 4 <= end) {
      if (this.wordAt(a, depth + common * 4) !== this.wordAt(b, depth + common * 4)) break;
      common++;
    }
    return common;
  }
  compareFrom(a: number, b: number, depth: number): number {
    return Buffer.compare(this.keys[a]!.subarray(depth), this.keys[b]!.subarray(depth));
  }
}

function sortWith(keys: readonly Buffer[]): number[] {
  const access = new Keys(keys);
  const arrays = sortArraysIn(new Uint8Array(keys.length * sortEntryBytes), keys.length);
  for (const index of keys.keys()) {
    arrays.words[index] = access.wordAt(index, 0);
    arrays.refs[index] = index;
  }
  new RadixSorter(arrays, access).sort(0, keys.length);
  return [...arrays.refs];
}

const sortPlainly = (keys: readonly Buffer[]): number[] =>
  [...keys.keys()].toSorted((a, b) => Buffer.compare(keys[a]!, keys[b]!) || a - b);

describe("RadixSorter", () => {
  it("sorts as a stable comparison sort does", () => {
    const key = fc
      .oneof(fc.uint8Array({ maxLength: 10 }), fc.array(fc.constantFrom(0, 1, 255), { maxLength: 12 }))
      .map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.array(key, { maxLength: 300 }), (keys) => {
        expect(sortWith(keys)).toEqual(sortPlainly(keys));
      }),
      { numRuns: 300 },
    );
  });
  it.each([
    ["equal", () => "same key of all"],
    ["ascending", (index: number) => String(index).padStart(9, "0")],
    ["descending", (index: number) => String(1e8 - index)],
    [
      "of a long common prefix",
      (_index: number, random: () => number) => `${"prefix ".repeat(30)}${Math.floor(random() * 3000)}`,
    ],
    ["beginnings of each other", (_index: number, random: () => number) => "a".repeat(Math.floor(random() * 200))],
    [
      "beginnings of each other in zeros",
      (_index: number, random: () => number) => "\0".repeat(Math.floor(random() * 30)),
    ],
    [
      "of long prefixes that split again and again",
      (_index: number, random: () => number) =>
        Array.from({ length: 6 }, () => "same of all".repeat(1 + Math.floor(random() * 3)) + (random() < 0.2)).join(
          "/",
        ),
    ],
    ["random", (_index: number, random: () => number) => String(random())],
  ])("sorts 6,000 keys that are %s", (_name, make) => {
    const random = seededRandom(3);
    const keys = Array.from({ length: 6000 }, (_, index) => Buffer.from(make(index, random)));
    expect(sortWith(keys)).toEqual(sortPlainly(keys));
  });
  it("needs no stack for keys of 64 KiB that differ in nothing but length", () => {
    const keys = Array.from({ length: 60 }, (_, index) => Buffer.alloc(65_536 - (index % 50), 7));
    expect(sortWith(keys)).toEqual(sortPlainly(keys));
  });
});
