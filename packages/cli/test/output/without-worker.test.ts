import { describe, expect, it } from "vitest";
import type { JobView } from "@millrace/core";
import { withoutWorker } from "../../src/output/without-worker.ts";

const failed = (message: string): JobView => ({ failure: { code: "E_ATTEMPTS", message } }) as unknown as JobView;

describe("withoutWorker()", () => {
  it.each([
    [
      'Cannot finish task "0-0": it failed 4 times, the last on worker "w-cf0f8043203c" with E_USER_CODE: Cannot run "map": Error: no on worker "x"',
      'Cannot finish task "0-0": it failed 4 times, the last with E_USER_CODE: Cannot run "map": Error: no on worker "x"',
    ],
    ['Task "0-0" on worker "w-1": Cannot read', 'Task "0-0": Cannot read'],
    ["Cannot commit", "Cannot commit"],
  ])("makes of %s", (message, expected) => {
    expect(withoutWorker(failed(message)).failure?.message).toBe(expected);
  });

  it("leaves a job alone that has not failed", () => {
    const view = {} as JobView;
    expect(withoutWorker(view)).toBe(view);
  });
});
