import { describe, expect, test } from "vitest";
import type { Plan, Split, StageSpec } from "@millrace/core";
import { expectedParts, recordsOf } from "../src/oracle.ts";
import { FileTree } from "../src/storage/file-tree.ts";
import { InputArchive } from "../src/workload/input-archive.ts";
import { copyLines, wordCount, wordPlaces } from "../src/workload/programs.ts";
import type { Program } from "../src/workload/programs.ts";

const uri = "sim://store/in/f";

function archiveOf(text: string): InputArchive {
  const archive = new InputArchive();
  archive.write(new FileTree(), uri, new TextEncoder().encode(text), 1);
  return archive;
}

const split = (offset: number, bytes: number): Split => ({
  input: 0,
  parts: [{ uri, offset, bytes, fileBytes: 100, modifiedMs: 1, codec: "none" }],
  bytes,
  hosts: [],
});

function run(
  program: Program,
  text: string,
  splits: readonly Split[],
  { partitions, cuts, side = [] }: Shape,
): Record<string, string> {
  const stages: Plan["stages"] = [
    { kind: "map", tasks: splits.length, partitions, reads: -1 },
    { kind: "reduce", tasks: partitions, partitions: 0, reads: 0 },
  ];
  const outputs = (stage: number): { name: string; extension: string }[] =>
    side.includes(stage) ? [{ name: "side", extension: "txt" }] : [];
  const specs: StageSpec[] = [{ kind: "map", inputs: [0], outputs: outputs(0) }];
  if (program.reduces.length > 0) specs.push({ kind: "reduce", reads: 0, outputs: outputs(1) });
  return Object.fromEntries(
    expectedParts({
      seed: 1,
      job: "job",
      program,
      spec: { stages: specs },
      plan: { stages, splits: [splits, []] },
      cutsOf: () => cuts,
      archive: archiveOf(text),
      counted: () => 0,
    }),
  );
}

interface Shape {
  readonly partitions: number;
  readonly cuts?: readonly string[];
  /** Stages that write to the output `side`. */
  readonly side?: readonly number[];
}

describe("recordsOf()", () => {
  test("gives a record to the split in which its first byte lies, whatever the cuts", () => {
    const text = "ab\r\n\ncde\nf";
    for (let cut = 0; cut <= text.length; cut += 1) {
      const archive = archiveOf(text);
      const records = [split(0, cut), split(cut, text.length - cut)].flatMap((part) => recordsOf(archive, part));
      expect(records).toEqual(["ab", "", "cde", "f"]);
    }
  });
});

describe("expectedParts()", () => {
  test("counts words in byte order of their keys, bad records left out", () => {
    expect(run(wordCount, "b a\n?b b\na \u{1f600} \ue000\n", [split(0, 40)], { partitions: 1 })).toEqual({
      "part-r-00000.txt": "a\t2\nb\t1\n\ue000\t1\n\u{1f600}\t1\n",
    });
  });

  test("keeps values in the order of records, over splits", () => {
    const whole = run(wordPlaces, "a b\na\nb a\n", [split(0, 10)], { partitions: 2 });
    const cut = run(wordPlaces, "a b\na\nb a\n", [split(0, 4), split(4, 6)], { partitions: 2 });
    expect(cut["part-r-00000.txt"]).toBe(whole["part-r-00000.txt"]);
    expect(cut["part-r-00001.txt"]).toBe(whole["part-r-00001.txt"]);
  });

  test("sends a key to the first range whose cut is above it, one that equals a cut behind it", () => {
    const cuts = ["62", "62", "6262"];
    expect(run(wordCount, "a b ba bb c b\n", [split(0, 20)], { partitions: 4, cuts })).toEqual({
      "part-r-00000.txt": "a\t1\n",
      "part-r-00001.txt": "",
      "part-r-00002.txt": "b\t2\nba\t1\n",
      "part-r-00003.txt": "bb\t1\nc\t1\n",
    });
  });

  test("gives parts of a named output to tasks that have records for it, the stage in front when several write it", () => {
    const text = "! mill\nrace\n";
    const splits = [split(0, 7), split(7, 5)];
    const one = run(wordCount, text, splits, { partitions: 1, side: [0] });
    expect(one["side/part-m-00000.txt"]).toBe("! mill\n");
    expect(Object.keys(one)).toEqual(["side/part-m-00000.txt", "part-r-00000.txt"]);
    const both = run(wordCount, text, splits, { partitions: 1, side: [0, 1] });
    expect([both["side/part-00-m-00000.txt"], both["side/part-01-r-00000.txt"]]).toEqual(["! mill\n", "mill\n"]);
  });

  test("gives a part for each map of a job without reduce", () => {
    expect(run(copyLines, "x\nyy\n", [split(0, 2), split(2, 3)], { partitions: 0 })).toEqual({
      "part-m-00000.txt": "1\tx\n",
      "part-m-00001.txt": "2\tyy\n",
    });
  });
});
