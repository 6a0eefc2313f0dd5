import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sumVectors } from "../../src/vectors/sum-vectors.ts";
import { VectorFile } from "../../src/vectors/vector-file.ts";

let directory = "";
let path = "";
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "millrace-sums-"));
  path = join(directory, "vectors");
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Write vectors of two partitions. @returns their positions. */
function write(...pairs: (readonly [number, number])[]): number[] {
  const file = VectorFile.open(path);
  const positions = pairs.map((each) =>
    file.append({ pairs: each, rawBytes: each.map((count) => count * 10), digests: Array(2).fill("00".repeat(8)) }),
  );
  file.close();
  return positions;
}

describe("sumVectors()", () => {
  it("adds up those that are named, and none that nobody accepted", async () => {
    const [first = 0, , third = 0] = write([1, 2], [100, 100], [0, 4]);
    expect(await sumVectors(path, { partitions: 2, positions: [third, first] })).toEqual([
      { partition: 0, pairs: 1, rawBytes: 10 },
      { partition: 1, pairs: 6, rawBytes: 60 },
    ]);
  });

  it("refuses a vector that is damaged, cut, or of another shuffle, and a file that is gone", async () => {
    const positions = write([1, 2]);
    const whole = readFileSync(path);
    const refused = async (partitions = 2): Promise<void> =>
      expect(sumVectors(path, { partitions, positions })).rejects.toMatchObject({ code: "E_STATE_DAMAGED" });
    await refused(1);
    writeFileSync(path, whole.subarray(0, -1));
    await refused();
    whole[20] = 0xff;
    writeFileSync(path, whole);
    await refused();
    rmSync(path);
    await refused();
  });

  it("refuses more than it reads for one answer, before it reads any", async () => {
    const order = { partitions: 9_999, positions: Array.from({ length: 10_000 }, () => 0) };
    await expect(sumVectors(path, order)).rejects.toMatchObject({ code: "E_TOO_LARGE" });
  });
});
