import { describe, expect, it } from "vitest";
import type { JobView } from "@millrace/core";
import { tinyTasksNote } from "../../src/output/tiny-tasks.ts";

const job = (tasks: number, inputBytes: number, inputFiles = 1): JobView =>
  ({
    inputBytes,
    inputFiles,
    stages: [
      { kind: "sample", tasks: 99_999 },
      { kind: "map", tasks },
      { kind: "reduce", tasks: 9_999 },
    ],
  }) as unknown as JobView;

describe("tinyTasksNote()", () => {
  it("warns of many map tasks with little to read each", () => {
    expect(tinyTasksNote(job(49_293, 49_293 * 700))).toBe(
      "49,293 map tasks of 700 B each take longer to start than to run: kill the job and give a greater --split-bytes, or none",
    );
  });

  it.each([
    ["few tasks", job(10_000, 10_000)],
    ["tasks with enough to read", job(20_000, 20_000 * 1024 * 1024)],
    ["a job that reads no files", job(20_000, 0, 0)],
  ])("says nothing of %s", (_what, view) => {
    expect(tinyTasksNote(view)).toBeUndefined();
  });
});
