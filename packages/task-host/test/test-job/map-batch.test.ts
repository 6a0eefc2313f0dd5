// `mapBatch` against `map`: the same records, pairs and failures, whatever is in the lines.

import { textLines, textTable } from "@millrace/formats";
import { bytes, chain, count, defineJob, int, records, sum, text } from "@millrace/sdk";
import type { Batch, EmitBytes } from "@millrace/sdk";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { testJob } from "../../src/index.ts";

/** Call `each` for what stands between blanks, which are spaces here. */
function eachSlice({ bytes: content, offsets, count: lines }: Batch, each: (begin: number, end: number) => void): void {
  for (let line = 0; line < lines; line++) {
    const end = offsets[2 * line + 1] ?? 0;
    let begin = offsets[2 * line] ?? 0;
    for (let at = begin; at <= end; at++) {
      if (at < end && content[at] !== 32) continue;
      if (at > begin) each(begin, at);
      begin = at + 1;
    }
  }
}

const shared = { name: "words", input: textLines(), output: textTable() };
const valuesOf = (key: string, values: Iterable<number>, emit: (row: [string, number]) => void): void => {
  let total = 0;
  for (const value of values) total = 31 * total + value;
  emit([key, total]);
};

/** Each by strings, and the same by bytes. */
const pairs = {
  "with an aggregator that sums": [
    defineJob({
      ...shared,
      map: (line, emit) => {
        for (const word of line.split(" ")) if (word !== "") emit(word, word.length > 3 ? 0.5 : 2);
      },
      reduce: sum(),
    }),
    defineJob({
      ...shared,
      mapBatch: (batch, emit) => {
        eachSlice(batch, (begin, end) => {
          emit.bytes(begin, end, batch.text(begin, end).length > 3 ? 0.5 : 2);
        });
      },
      reduce: sum(),
    }),
  ],
  "with an aggregator that counts": [
    defineJob({
      ...shared,
      map: (line, emit) => {
        for (const word of line.split(" ")) if (word !== "") emit(word);
      },
      reduce: count(),
    }),
    defineJob({
      ...shared,
      mapBatch: (batch, emit: ((key: string) => void) & EmitBytes<void>) => {
        eachSlice(batch, (begin, end) => {
          if ((begin & 1) === 0) emit.bytes(begin, end);
          else emit(batch.text(begin, end));
        });
      },
      reduce: count(),
    }),
  ],
  "with a reduce function": [
    defineJob({
      ...shared,
      value: int(),
      map: (line, emit) => {
        for (const word of line.split(" ")) if (word !== "") emit(word, word.length);
      },
      reduce: valuesOf,
    }),
    defineJob({
      ...shared,
      value: int(),
      mapBatch: (batch, emit) => {
        eachSlice(batch, (begin, end) => {
          emit.bytes(begin, end, batch.text(begin, end).length);
        });
      },
      reduce: valuesOf,
    }),
  ],
  "with an order": [
    defineJob({
      ...shared,
      value: int(),
      orderBy: int(),
      map: (line, emit) => {
        for (const word of line.split(" ")) if (word !== "") emit(word, word.length, -line.length);
      },
      reduce: valuesOf,
    }),
    defineJob({
      ...shared,
      value: int(),
      orderBy: int(),
      mapBatch: (batch, emit) => {
        for (let line = 0; line < batch.count; line++) {
          const offsets = batch.offsets.subarray(2 * line, 2 * line + 2);
          const units = batch.text(offsets[0] ?? 0, offsets[1] ?? 0).length;
          eachSlice({ ...batch, offsets, count: 1 }, (begin, end) => {
            emit.bytes(begin, end, batch.text(begin, end).length, -units);
          });
        }
      },
      reduce: valuesOf,
    }),
  ],
  "with a partition function": [
    defineJob({
      ...shared,
      map: (line, emit) => {
        for (const word of line.split(" ")) if (word !== "") emit(word, 1);
      },
      partition: (key, partitions) => key.length % partitions,
      reduce: sum(),
    }),
    defineJob({
      ...shared,
      mapBatch: (batch, emit) => {
        eachSlice(batch, (begin, end) => {
          emit.bytes(begin, end, 1);
        });
      },
      partition: (key, partitions) => key.length % partitions,
      reduce: sum(),
    }),
  ],
} as const;

const lineParts = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[!-~]{1,12}$/u) },
  { weight: 2, arbitrary: fc.constantFrom("", " ", "a", "the", "\r", "\0", "aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaab") },
  { weight: 1, arbitrary: fc.constantFrom("na\u00efve", "\u{1f642}", "\u00a0", "a\u3000b", "\ufeffx") },
  { weight: 1, arbitrary: fc.integer({ min: 200, max: 1500 }).map((length) => "y".repeat(length)) },
);
const lines = fc.array(
  fc.array(lineParts, { maxLength: 8 }).map((parts) => parts.join(" ")),
  { maxLength: 60 },
);

describe("testJob() of a mapBatch", () => {
  it.each(Object.entries(pairs))("gives what a map of strings gives %s", async (_what, [byStrings, byBytes]) => {
    await fc.assert(
      fc.asyncProperty(lines, async (input) => {
        const [one, other] = [await testJob(byStrings, { input }), await testJob(byBytes, { input })];
        expect(other.records).toEqual(one.records);
        expect(other.counters).toEqual(one.counters);
      }),
      { numRuns: 40 },
    );
  });

  it("takes bytes as the text that they are for a map, also where they are no UTF-8", async () => {
    const input = [Uint8Array.of(97, 32, 0xff, 98, 32, 0xc3, 0xa9), Uint8Array.of(0xff, 98)];
    const [byStrings, byBytes] = pairs["with an aggregator that counts"];
    expect((await testJob(byBytes, { input })).records).toEqual((await testJob(byStrings, { input })).records);
  });

  it("takes bytes as keys that are bytes", async () => {
    const job = defineJob({
      name: "bytes",
      input: textLines(),
      key: bytes(),
      mapBatch: (batch, emit) => {
        eachSlice(batch, (begin, end) => {
          emit.bytes(begin, end, 3);
        });
      },
      value: int(),
      reduce: (key, values, emit) => {
        emit([Buffer.from(key).toString("hex"), [...values].length]);
      },
      output: textTable(),
    });
    const { records: rows } = await testJob(job, { input: [Uint8Array.of(0xff, 32, 97), "a"] });
    expect(new Set(rows.map((row) => JSON.stringify(row)))).toEqual(new Set(['["61",2]', '["ff",1]']));
  });

  it("writes records without a reduce, and runs in a chain, each line a batch", async () => {
    const upper = defineJob({
      name: "upper",
      input: textLines(),
      mapBatch: (batch, emit) => {
        for (let line = 0; line < batch.count; line++)
          emit(batch.text(batch.offsets[2 * line] ?? 0, batch.offsets[2 * line + 1] ?? 0).toUpperCase());
      },
      output: textLines(),
    });
    expect((await testJob(upper, { input: ["a", "", "é"] })).records).toEqual(["A", "", "É"]);
    const strings = defineJob({
      name: "strings",
      input: textLines(),
      map: (line, emit) => emit(line),
      output: records(text()),
    });
    expect((await testJob(chain(strings, upper), { input: ["a", "", "é"] })).records).toEqual(["A", "", "É"]);
    const first = defineJob({
      name: "first",
      input: textLines(),
      mapBatch: (batch, emit) => {
        eachSlice(batch, (begin, end) => emit(batch.text(begin, end)));
      },
      output: records(text()),
    });
    expect((await testJob(chain(first, upper), { input: ["a b", "", "é"] })).records).toEqual(["A", "B", "É"]);
  });

  it("fails at the record that was read last", async () => {
    const job = defineJob({
      ...shared,
      mapBatch: (batch, emit) => {
        for (let line = 0; line < batch.count; line++) {
          const word = batch.text(batch.offsets[2 * line] ?? 0, batch.offsets[2 * line + 1] ?? 0);
          if (word === "wrong") throw new Error("no such word");
          emit(word, 1);
        }
      },
      reduce: sum(),
    });
    await expect(testJob(job, { input: ["a", "b", "wrong", "c"], maps: 2 })).rejects.toMatchObject({
      code: "E_USER_CODE",
      message: expect.stringMatching(/^Cannot run "map": Error: no such word; [^]*record "wrong"$/),
    });
  });

  it.each([
    [2, 1],
    [-1, 1],
    [0, 1e9],
    [Number.NaN, 1],
    [undefined, undefined],
  ] as const)("refuses bytes %s to %s, which are none of the batch", async (begin, end) => {
    const job = defineJob({
      ...shared,
      mapBatch: (_batch, emit) => emit.bytes(begin as number, end as number, 1),
      reduce: sum(),
    });
    await expect(testJob(job, { input: ["abc"] })).rejects.toMatchObject({
      code: "E_USER_CODE",
      message: expect.stringMatching(/^Cannot emit bytes \S+ to \S+ of a batch: it has \d+; give a begin and an end/),
    });
  });

  it("refuses bytes as keys that are neither texts nor bytes, and an emit that comes late", async () => {
    const ints = { ...shared, key: int(), reduce: sum() };
    const wrong = (defineJob as (definition: unknown) => (typeof pairs)["with an order"][0])({
      ...ints,
      mapBatch: (_batch: Batch, emit: EmitBytes<number>) => {
        emit.bytes(0, 1, 1);
      },
    });
    await expect(testJob(wrong, { input: ["abc"] })).rejects.toMatchObject({
      code: "E_USER_CODE",
      message: expect.stringMatching(/^Cannot emit bytes of a batch as a key: keys are "int"; emit\(key, value\)/),
    });
    let kept: EmitBytes<number> | undefined;
    const late = defineJob({
      ...shared,
      mapBatch: (_batch, emit) => {
        if (kept === undefined)
          void Promise.resolve()
            .then(() => kept?.bytes(0, 1, 1))
            .catch(() => undefined);
        kept = emit;
      },
      reduce: sum(),
    });
    await expect(testJob(late, { input: ["abc"] })).rejects.toMatchObject({ code: "E_EMIT_AFTER_END" });
  });
});
