// Batches of records for kernels: generated, the same for the same seed, as a split reader would hand them out.

import type { RecordBatch } from "@millrace/data";
import { createAccessLogSource } from "../../packages/cli/src/gen/access-log.ts";
import { generatedLineBytesMax } from "../../packages/cli/src/gen/line-source.ts";
import type { LineSource } from "../../packages/cli/src/gen/line-source.ts";
import { createRandomStream } from "../../packages/cli/src/gen/random.ts";
import type { RandomStream } from "../../packages/cli/src/gen/random.ts";
import { createOpenMetricsSource } from "../../packages/cli/src/gen/open-metrics.ts";
import { createTeraSource, teraRowBytes } from "../../packages/cli/src/gen/tera.ts";
import { spellWord } from "../data/spell-word.ts";
import type { DataOptions } from "./kernel-bench.ts";

/** A batch has no more records. */
const recordsMax = 8192;
const newline = 0x0a;
const encoder = new TextEncoder();

/** Make a number of batches of what `lines` gives, one behind the other. */
export function batchesOf(lines: LineSource, count: number, { batchBytes }: DataOptions): readonly RecordBatch[] {
  return Array.from({ length: count }, () => {
    const bytes = new Uint8Array(batchBytes);
    // A source of lines, no array.
    // eslint-disable-next-line unicorn/no-array-fill-with-reference-type
    return batchOf(bytes, lines.fill(bytes, 0));
  });
}

function batchOf(bytes: Uint8Array, length: number): RecordBatch {
  const offsets = new Int32Array(2 * recordsMax);
  let count = 0;
  for (let begin = 0; begin < length && count < recordsMax; count += 1) {
    const end = bytes.indexOf(newline, begin);
    offsets[2 * count] = begin;
    offsets[2 * count + 1] = end;
    begin = end + 1;
  }
  return { bytes, offsets, count, fileOffset: 0 };
}

/** Make batches of rows of the sort benchmark. */
export function teraBatches(count: number, { batchBytes, seed }: DataOptions): readonly RecordBatch[] {
  const rows = createTeraSource(seed);
  return Array.from({ length: count }, () => {
    const bytes = new Uint8Array(batchBytes);
    // As above.
    // eslint-disable-next-line unicorn/no-array-fill-with-reference-type
    const length = Math.min(rows.fill(bytes, 0) / teraRowBytes, recordsMax);
    const offsets = Int32Array.from({ length: 2 * length }, (_, index) => Math.floor((index + 1) / 2) * teraRowBytes);
    return { bytes, offsets, count: length, fileOffset: 0 };
  });
}

/** Bytes of records in a batch, on average. */
export function meanBytes(batches: readonly RecordBatch[]): number {
  const total = batches.reduce((sum, { offsets, count }) => sum + (offsets[2 * count - 1] ?? 0), 0);
  return total / batches.length;
}

/** Make lines by a function. */
function linesBy(makeLine: () => string): LineSource {
  return {
    fill: (into, offset) => {
      let at = offset;
      while (at + generatedLineBytesMax <= into.length)
        at += encoder.encodeInto(`${makeLine()}\n`, into.subarray(at)).written;
      return at;
    },
  };
}

/** How a word of a number is spelled. */
export type Spell = (rank: number) => string;

/** Letters of several scripts, a script a word: German, Greek, Chinese. */
const scripts = [
  "aeinrstdhulcgm\u00e4\u00f6\u00fc\u00df",
  "\u03b1\u03b2\u03b3\u03b4\u03b5\u03b7\u03b9\u03ba\u03bb\u03bc\u03bd\u03bf\u03c0\u03c1\u03c3\u03c4\u03ac\u03ad",
  "\u4e00\u4e8c\u4e09\u4eba\u4eec\u4f60\u4ed6\u5728\u5927\u5929\u5c0f\u5e74\u65e5\u6708\u6c34\u706b\u3002\uff0c",
].map((letters) => Array.from(letters));

/** Spell words of other languages than English. */
export const spellWide: Spell = (rank) => {
  const letters = scripts[rank % scripts.length] ?? [];
  let word = "";
  for (let left = rank + 37; left > 0; left = Math.floor(left / 17)) word += letters[left % letters.length] ?? "";
  return word;
};

/** Lines of 12 words, each of `words` as likely as any other: no cache knows which comes. */
export function evenWords(words: number, seed: number, spell: Spell = spellWord): LineSource {
  const random = createRandomStream(seed, 1);
  const spelled = Array.from({ length: words }, (_, rank) => spell(rank));
  return linesBy(() => Array.from({ length: 12 }, () => spelled[random.next() % words] ?? "").join(" "));
}

/** Lines of 8 words of 24 to 39 letters, none of which comes twice. */
export function distinctWords(seed: number): LineSource {
  let rank = 0;
  const random = createRandomStream(seed, 2);
  const next = (): string => {
    rank += 1;
    return `${random.next().toString(36)}-${rank.toString(36)}`.padEnd(24 + (rank & 15), "x");
  };
  return linesBy(() => Array.from({ length: 8 }, next).join(" "));
}

/** Lines of an access log in the combined format. */
export function accessLog(seed: number): LineSource {
  return createAccessLogSource(seed, 0);
}

/** Samples of metrics, in the text format of OpenMetrics. */
export function metricSamples(seed: number): LineSource {
  return createOpenMetricsSource(seed, 0);
}

/** Lines of an access log with nginx's times behind it. */
export function timedLog(seed: number): LineSource {
  const random = createRandomStream(seed, 3);
  return linesBy(() => `${logLine(random)} ${seconds(random)} ${seconds(random)}`);
}

/** Flat objects with texts, numbers and a time. */
export function jsonObjects(seed: number): LineSource {
  const random = createRandomStream(seed, 4);
  return linesBy(() =>
    JSON.stringify({
      at: 1_769_904_000_000 + (random.next() % 86_400_000),
      service: `service-${random.next() % 40}`,
      status: 200 + (random.next() % 300),
      ms: (random.next() % 1_000_000) / 1000,
      path: `/api/v1/items/${random.next() % 5000}`,
    }),
  );
}

function logLine(random: RandomStream): string {
  const host = random.next();
  const second = (random.next() % 60).toString().padStart(2, "0");
  const minute = (random.next() % 60).toString().padStart(2, "0");
  const from = `10.${host & 255}.${(host >>> 8) & 255}.7 - - [01/Feb/2026:10:${minute}:${second} +0000]`;
  const request = `"GET /items/${random.next() % 5000} HTTP/1.1"`;
  const answer = `${200 + (random.next() % 4) * 100} ${random.next() % 100_000}`;
  return `${from} ${request} ${answer} "-" "Mozilla/5.0 (X11; Linux x86_64)"`;
}

function seconds(random: RandomStream): string {
  return ((random.next() % 10_000) / 1000).toFixed(3);
}
