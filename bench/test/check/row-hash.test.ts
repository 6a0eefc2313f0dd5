import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { forEachLine, hashLines } from "../../check/row-hash.ts";

const directory = mkdtempSync(join(tmpdir(), "millrace-bench-test-"));
afterAll(() => rmSync(directory, { recursive: true }));
let files = 0;

function written(text: string): string {
  const path = join(directory, String((files += 1)));
  writeFileSync(path, text);
  return path;
}

test("hashLines() is the same for rows in another order, in other files, without the last line end", () => {
  const expected = hashLines([written("a\t1\nb\t2\nc\t3\n")]);
  expect(expected.rows).toBe(3);
  expect(hashLines([written("c\t3\na\t1\nb\t2")])).toEqual(expected);
  expect(hashLines([written("b\t2\n"), written(""), written("c\t3\na\t1\n")])).toEqual(expected);
});

test("hashLines() tells other rows, another count of a row and other cuts apart", () => {
  const digests = ["a\nb\n", "a\nc\n", "a\nb\nb\n", "ab\n\n", "\nab\n\n", "b\nb\n", "a\na\n"].map(
    (text) => hashLines([written(text)]).hash,
  );
  expect(new Set(digests).size).toBe(digests.length);
});

test("forEachLine() gives lines longer than its buffer whole", () => {
  const long = "x".repeat(9 * 2 ** 20);
  const lines: number[] = [];
  forEachLine(written(`short\n${long}\n\nend`), (_, begin, end) => lines.push(end - begin));
  expect(lines).toEqual([5, long.length, 0, 3]);
});
