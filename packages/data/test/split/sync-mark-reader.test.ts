// Files with sync marks, of a toy layout: `H` and the mark, then records of a length byte and content, blocks that begin
// with 0xfe, a count and as many bytes. Any cutting gives the same records; cut and damaged files are said to be.

import { createSplitReader } from "@millrace/data";
import type { ChunkSource, SyncMarkItem, SyncMarkLayout } from "@millrace/data";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

const mark = Uint8Array.of(0xff, 0xff, 1, 2, 3, 4, 5, 6);

const layout = (cutItem: "record" | "fault"): SyncMarkLayout => ({
  open: (head, isWhole) => {
    if (head.length < 2) return isWhole ? { fault: "it is short" } : { needs: 2 };
    return head[0] === 0x48 ? { headerBytes: 2, mark, cutItem, take } : { fault: "it has no H" };
  },
});

function take(bytes: Uint8Array, at: number, item: SyncMarkItem): void {
  const first = bytes[at] ?? 0;
  item.reason = "a length is 255";
  if (first === 0xff) item.kind = "fault";
  else if (first === 0xfe) {
    const count = bytes[at + 1] ?? 0;
    item.needs = 2 + count;
    item.bytes = 2 + count;
    item.kind = at + 2 > bytes.length || at + 2 + count > bytes.length ? "short" : "block";
    const offsets = Int32Array.from({ length: 2 * count }, (_none, index) => (index + 1) >> 1);
    item.block = { bytes: bytes.slice(at + 2, at + 2 + count), offsets, count };
  } else {
    item.needs = 1 + first;
    item.bytes = 1 + first;
    item.kind = at + 1 + first > bytes.length ? "short" : "record";
  }
}

function chunksOf(bytes: Uint8Array, size: number): ChunkSource {
  let at = 0;
  return {
    seek: (offset) => {
      at = offset;
    },
    next: () => {
      if (at >= bytes.length) return undefined;
      const chunk = bytes.slice(at, at + size);
      at += chunk.length;
      return chunk;
    },
  };
}

interface Options {
  readonly size?: number;
  readonly cutItem?: "record" | "fault";
  readonly recordBytesMax?: number;
}

function readSplit(
  bytes: Uint8Array,
  { start, end }: { readonly start: number; readonly end: number },
  { size = 5, cutItem = "record", recordBytesMax = 1000 }: Options = {},
): { readonly records: readonly string[]; readonly owned: { readonly begin: number; readonly end: number } } {
  const framing = { kind: "sync-mark", layout: layout(cutItem) } as const;
  const reader = createSplitReader({ source: chunksOf(bytes, size), start, end, framing, recordBytesMax, uri: "f" });
  const records: string[] = [];
  for (
    let batch = reader.nextBatch(), isHeader = true;
    batch !== undefined;
    batch = reader.nextBatch(), isHeader = false
  )
    for (let index = 0; index < batch.count; index++) {
      const record = batch.bytes.subarray(batch.offsets[2 * index], batch.offsets[2 * index + 1]);
      // The first of each split is the header.
      if (isHeader) expect([...record]).toEqual([...bytes.subarray(0, 2)]);
      else records.push(Buffer.from(record).toString("hex"));
    }
  return { records, owned: reader.owned() };
}

function endsWith(bytes: Uint8Array, part: Uint8Array): boolean {
  return part.every((byte, index) => bytes[bytes.length - part.length + index] === byte);
}

const section = fc.array(
  fc.oneof(
    fc.uint8Array({ maxLength: 12 }).map((content) => Uint8Array.of(content.length, ...content)),
    fc.uint8Array({ maxLength: 9 }).map((content) => Uint8Array.of(0xfe, content.length, ...content)),
  ),
  { maxLength: 5 },
);
const file = fc
  .array(section, { maxLength: 6 })
  .map((sections) =>
    Uint8Array.of(
      0x48,
      0x21,
      ...sections.flatMap((items, index) => [...(index > 0 ? mark : []), ...items.flatMap((item) => [...item])]),
    ),
  );

describe("SyncMarkReader", () => {
  it("gives the same records however the file is cut, and its splits tile it", () => {
    fc.assert(
      fc.property(
        file,
        fc.array(fc.nat(300), { maxLength: 5 }),
        fc.integer({ min: 1, max: 40 }),
        (bytes, places, size) => {
          const whole = readSplit(bytes, { start: 0, end: bytes.length }, { size: 1000 });
          expect(whole.owned).toEqual({ begin: 0, end: bytes.length });
          const cuts = [...new Set(places)].filter((at) => at > 0 && at < bytes.length).toSorted((a, b) => a - b);
          const records: string[] = [];
          let at = 0;
          for (const [index, start] of [0, ...cuts].entries()) {
            const split = readSplit(bytes, { start, end: cuts[index] ?? bytes.length }, { size });
            records.push(...split.records);
            if (split.owned.begin === split.owned.end) continue;
            expect(split.owned.begin).toBe(at);
            at = split.owned.end;
          }
          expect(at).toBe(bytes.length);
          expect(records).toEqual(whole.records);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("ends at every length of a cut file, with what is whole and a record that is not, or with an error", () => {
    const bytes = Uint8Array.of(0x48, 0, 1, 7, ...mark, 2, 8, 9, ...mark, 0xfe, 2, 4, 5, ...mark, 3, 9, 9, 1);
    const all = ["0107", "020809", "04", "05", "03090901"];
    for (let length = 2; length <= bytes.length; length++)
      for (const size of [1, 3, 100]) {
        const cut = bytes.subarray(0, length);
        const read = (): readonly string[] => readSplit(cut, { start: 0, end: length }, { size }).records;
        // In this layout a part of a mark is no length of a record.
        if ([...mark.keys()].some((count) => count > 0 && endsWith(cut, mark.subarray(0, count)))) {
          expect(read).toThrow(/a length is 255, at byte \d+/);
          continue;
        }
        const records = read();
        const whole = records.filter((record, index) => record === all[index]);
        expect(records.length - whole.length).toBeLessThanOrEqual(1);
      }
    expect(() => readSplit(bytes.subarray(0, bytes.length - 1), { start: 0, end: 99 }, { cutItem: "fault" })).toThrow(
      'Cannot read "f": the file ends within a block, at byte 38; mend the file or leave it out',
    );
  });

  it("names what is wrong and where", () => {
    const wrong = (bytes: readonly number[], options?: Options) => () =>
      readSplit(Uint8Array.from(bytes), { start: 0, end: bytes.length }, options);
    expect(wrong([0x49, 0])).toThrow(/"f": its header is wrong: it has no H, at byte 0/);
    expect(wrong([0x48])).toThrow(/its header is wrong: it is short/);
    expect(wrong([0x48, 0, 0, 0xff, 0xff, 9])).toThrow(/a length is 255, at byte 3/);
    expect(wrong([0x48, 0, 9, 1], { recordBytesMax: 9 })).toThrow(
      expect.objectContaining({ code: "E_RECORD_TOO_LARGE", details: { uri: "f", offset: 2 } }),
    );
  });
});
