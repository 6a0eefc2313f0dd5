import { describe, expect, test } from "vitest";
import type { Plan, Split } from "@millrace/core";
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

function run(program: Program, text: string, splits: readonly Split[], partitions: number): Record<string, string> {
  const stages: Plan["stages"] = [
    { kind: "map", tasks: splits.length, partitions, reads: -1 },
    { kind: "reduce", tasks: partitions, partitions: 0, reads: 0 },
  ];
  const plan = { stages, splits: [splits, []] };
  return Object.fromEntries(
    expectedParts({ seed: 1, job: "job", program, plan, archive: archiveOf(text), counted: () => 0 }),
  );
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
    expect(run(wordCount, "b a\n?b b\na \u{1f600} \ue000\n", [split(0, 40)], 1)).toEqual({
      "part-r-00000.txt": "a\t2\nb\t1\n\ue000\t1\n\u{1f600}\t1\n",
    });
  });

  test("keeps values in the order of records, over splits", () => {
    const whole = run(wordPlaces, "a b\na\nb a\n", [split(0, 10)], 2);
    const cut = run(wordPlaces, "a b\na\nb a\n", [split(0, 4), split(4, 6)], 2);
    expect(cut["part-r-00000.txt"]).toBe(whole["part-r-00000.txt"]);
    expect(cut["part-r-00001.txt"]).toBe(whole["part-r-00001.txt"]);
  });

  test("gives a part for each map of a job without reduce", () => {
    expect(run(copyLines, "x\nyy\n", [split(0, 2), split(2, 3)], 0)).toEqual({
      "part-m-00000.txt": "1\tx\n",
      "part-m-00001.txt": "2\tyy\n",
    });
  });
});
