// What a reduce input does beside merging: single iteration, counting what nobody reads, naming who is to blame.

import { describe, expect, it } from "vitest";
import { createReduceInput, type DataError, intCodec, MemoryRunStore, textCodec } from "../../src/index.ts";
import { mapTask, segmentsOf, tools } from "../map/map-reduce-kit.ts";

describe("createReduceInput()", () => {
  const run = mapTask(
    [
      ["a", 1],
      ["a", 2],
      ["b", 3],
      ["c", 4],
      ["c", 5],
    ],
    { key: textCodec, value: intCodec, partitions: 1 },
  );
  const input = () =>
    createReduceInput({
      key: textCodec,
      value: intCodec,
      segments: segmentsOf([run], 0),
      store: new MemoryRunStore(),
      tools,
      runName: "merge",
    });

  it("counts groups that are not iterated, or not to the end", () => {
    const reduce = input();
    const seen: string[] = [];
    while (reduce.nextGroup()) {
      seen.push(reduce.key());
      if (reduce.key() === "c") for (const _value of reduce.values()) break;
    }
    expect(seen).toEqual(["a", "b", "c"]);
    expect(reduce.finish()).toEqual({ segments: 1, pairs: 5, rawBytes: run.result.rawBytes, groups: 3 });
  });
  it("verifies to the end even when the last groups are never asked for", () => {
    const reduce = input();
    reduce.nextGroup();
    expect(reduce.finish()).toMatchObject({ pairs: 5, groups: 3 });
  });
  it("refuses a second iteration, and one that outlives its group", () => {
    const reduce = input();
    reduce.nextGroup();
    const values = reduce.values();
    expect([...values]).toEqual([1, 2]);
    expect(() => [...values]).toThrow(expect.objectContaining({ code: "E_USER_CODE" }));
    const late = reduce.values()[Symbol.iterator]();
    reduce.nextGroup();
    expect(() => late.next()).toThrow(expect.objectContaining({ code: "E_USER_CODE" }));
  });
  it("names the map task whose segment is not what it must be", () => {
    const [segment] = segmentsOf([run], 0);
    for (const [wrong, reason] of [
      [{ ...segment!, expected: { ...segment!.expected, digest: "0".repeat(16) } }, "corrupt"],
      [{ ...segment!, expected: { ...segment!.expected, pairs: 4 } }, "corrupt"],
      [{ ...segment!, partition: 3 }, "corrupt"],
      [
        {
          ...segment!,
          open: () => {
            throw new Error("ENOENT");
          },
        },
        "missing",
      ],
    ] as const) {
      let thrown: DataError | undefined;
      try {
        const reduce = createReduceInput({
          key: textCodec,
          value: intCodec,
          segments: [{ ...wrong, task: 7 }],
          store: new MemoryRunStore(),
          tools,
          runName: "merge",
        });
        reduce.finish();
      } catch (error) {
        thrown = error as DataError;
      }
      expect(thrown).toMatchObject({ code: "E_SEGMENT", details: { task: 7, reason } });
    }
  });
});
