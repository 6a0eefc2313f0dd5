// The jobs' code, as a user might write it: what a record maps to, what a group reduces to. Plain functions of text, so
// that the oracle can run them without the engine. A program that draws random numbers draws them anew each attempt.

import type { RandomStream } from "../random-stream.ts";

/** A key and a value between stages, or a line of the output: `key TAB value`. */
export type Pair = readonly [key: string, value: string];

/** How the pairs of a shuffle are folded: summed as whole numbers on the way, or handed over as they are. */
export type PairKind = "state" | "value";

/** One reduce stage's code. `values` holds the one sum when pairs are states. */
export type ReduceCode = (key: string, values: readonly string[]) => readonly Pair[];

/** A whole job's code. */
export interface Program {
  readonly name: string;
  /** @param random this attempt's own numbers. @throws when the user's code would. */
  readonly map: (record: string, random: RandomStream) => readonly Pair[];
  /** Kind of each shuffle, in order; as many as there are reduce stages. */
  readonly shuffles: readonly PairKind[];
  readonly reduces: readonly ReduceCode[];
  /** Whether two runs of one map may differ. */
  readonly random: boolean;
  /** Whether it throws: on each run of some record, now and then, or never. */
  readonly throws: "always" | "sometimes" | "never";
}

/** What a map stage writes to the output `side`, if its job has one there: lines for people, never all records. */
export function sideOfRecords(records: readonly string[]): readonly string[] {
  return records.filter((record) => record.startsWith("!")).map((record) => `${record}\n`);
}

/** What a reduce stage writes to the output `side`, if its job has one there. */
export function sideOfPairs(pairs: readonly Pair[]): readonly string[] {
  return pairs.filter(([key]) => key.startsWith("m") || key.startsWith("n")).map(([key]) => `${key}\n`);
}

/** Position of a stage's code in its program: samples run the code of another stage. */
export function levelOf(stages: readonly { readonly kind: string }[], stage: number): number {
  return stages.slice(0, stage).filter(({ kind }) => kind !== "sample").length;
}

class UserError extends Error {
  override readonly name = "UserError";
}

/** Tell whether a record cannot be parsed: it is counted and passed over. */
export function isBadRecord(record: string): boolean {
  return record.startsWith("?");
}

const words = (record: string): string[] => record.split(" ").filter((word) => word !== "");
const sumReduce: ReduceCode = (key, values) => [[key, values[0] ?? "0"]];
const joinReduce: ReduceCode = (key, values) => [[key, values.join(",")]];

const base = { random: false, throws: "never" } as const;

/** Count words: states, summed on the way. */
export const wordCount: Program = {
  ...base,
  name: "word-count",
  map: (record) => words(record).map((word) => [word, "1"]),
  shuffles: ["state"],
  reduces: [sumReduce],
};

/** List where each word stands: shows the order of values. */
export const wordPlaces: Program = {
  ...base,
  name: "word-places",
  map: (record) => words(record).map((word, index) => [word, `${record.length}.${index}`]),
  shuffles: ["value"],
  reduces: [joinReduce],
};

/** No reduce: each line goes to the output. */
export const copyLines: Program = {
  ...base,
  name: "copy-lines",
  map: (record) => [[String(record.length), record]],
  shuffles: [],
  reduces: [],
};

/** Emit nothing for most records. */
export const rareWords: Program = {
  ...base,
  name: "rare-words",
  map: (record) =>
    words(record)
      .filter((word) => word.length > 6)
      .map((word) => [word, "1"]),
  shuffles: ["value"],
  reduces: [joinReduce],
};

/** Emit much for each record. */
export const manyPairs: Program = {
  ...base,
  name: "many-pairs",
  map: (record) =>
    words(record).flatMap((word) => Array.from({ length: 12 }, (_, index): Pair => [`${word}${index}`, String(index)])),
  shuffles: ["state"],
  reduces: [sumReduce],
};

/** Three stages: count words, then list the words of each count. */
export const wordsByCount: Program = {
  ...base,
  name: "words-by-count",
  map: (record) => words(record).map((word) => [word, "1"]),
  shuffles: ["state", "value"],
  reduces: [(key, values) => [[`n${Number(values[0] ?? "0") % 7}`, key]], joinReduce],
};

/** Not deterministic: another run of a map gives other pairs. */
export const randomPairs: Program = {
  ...base,
  name: "random-pairs",
  map: (record, random) =>
    words(record).map((word) => [
      random.chance(0.5) ? word : `r${random.integer(0, 9)}`,
      String(random.integer(0, 999)),
    ]),
  shuffles: ["value"],
  reduces: [joinReduce],
  random: true,
};

/** Throw on each run of a record with the word `poison`. */
export const throwing: Program = {
  ...wordCount,
  name: "throwing",
  map: (record) => {
    if (record.includes("poison")) throw new UserError("user code threw");
    return wordCount.map(record, neverRandom);
  },
  throws: "always",
};

/** Throw in some attempts, whatever the record. */
export const flaky: Program = {
  ...wordCount,
  name: "flaky",
  map: (record, random) => {
    if (random.chance(0.01)) throw new UserError("user code threw this time");
    return wordCount.map(record, neverRandom);
  },
  throws: "sometimes",
};

const neverRandom: RandomStream = {
  next: () => 0,
  float: () => 0,
  integer: (least) => least,
  chance: () => false,
  pick: (items) => items[0] as never,
  delayMs: () => 1,
};

/** All programs that a run may draw. */
export const programs: readonly Program[] = [
  wordCount,
  wordCount,
  wordPlaces,
  copyLines,
  rareWords,
  manyPairs,
  randomPairs,
  randomPairs,
  throwing,
  flaky,
];
