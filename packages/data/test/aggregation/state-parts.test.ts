import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Place, BufferCell, aggregateFields, count, minBy, set, textCodec } from "../../src/index.ts";
import { ByteSink } from "../../src/bytes/byte-sink.ts";

// A small part that grows and shrinks before and behind a large one.
const least = (): ReturnType<typeof minBy<string, string>> => minBy(textCodec, textCodec);
const fields = aggregateFields({
  before: least(),
  values: set(textCodec, { max: 400 }),
  after: least(),
  rows: count(),
});

interface Row {
  readonly before: { readonly item: string; readonly by: string };
  readonly values: string;
  readonly after: { readonly item: string; readonly by: string };
}

function encoded(cell: BufferCell): Uint8Array {
  const sink = new ByteSink();
  fields.encode(cell, sink);
  return sink.toBytes();
}

function foldAll(rows: readonly Row[]): Uint8Array {
  const cell = new BufferCell().clear(fields);
  for (const [position, row] of rows.entries()) expect(fields.add(cell, row, { task: 0, position })).toBe(true);
  return encoded(cell);
}

const text = fc.string({ maxLength: 40 }).filter((value) => value.isWellFormed());
const ordered = fc.record({ item: text, by: text });
const row: fc.Arbitrary<Row> = fc.record({ before: ordered, values: text, after: ordered });

describe("StateParts", () => {
  it("add() changes nothing of a long state when a part finds no room", () => {
    let refused = 0;
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 120, maxLength: 200 }),
        fc.integer({ min: 1100, max: 2600 }),
        (rows, limit) => {
          const cell = new BufferCell(limit).clear(fields);
          const kept = rows.filter((each, position) => fields.add(cell, each, { task: 0, position }));
          refused += rows.length - kept.length;
          expect(encoded(cell)).toEqual(foldAll(kept));
        },
      ),
      { numRuns: 60 },
    );
    expect(refused).toBeGreaterThan(100);
  });

  it("add() changes nothing of a long state when a part refuses the value", () => {
    const cell = new BufferCell().clear(fields);
    const place: Place = { task: 0, position: 0 };
    const rowOf = (by: string, values: string): Row => ({
      before: { item: by, by },
      values,
      after: { item: by.repeat(9), by },
    });
    for (let index = 0; index < 200; index++) fields.add(cell, rowOf("m", `value ${index}`), place);
    const before = encoded(cell);
    expect(() => fields.add(cell, { ...rowOf("a", "new"), after: 5 as never }, place)).toThrow("no { item, by }");
    expect(encoded(cell)).toEqual(before);
    expect(() => fields.add(cell, rowOf("a".repeat(500), "\ud800"), place)).toThrow("lone surrogate");
    expect(encoded(cell)).toEqual(before);
  });
});
