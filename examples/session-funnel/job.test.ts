import assert from "node:assert/strict";
import { test } from "node:test";
import { testJob } from "millrace";
import job from "./job.ts";

const event = (user: string, minute: number, name: string): string =>
  JSON.stringify({ user, at: minute * 60_000, event: name });

test("cuts sessions at a gap, whatever the order of the input", async () => {
  const { records } = await testJob(job, {
    input: [event("ada", 40, "view"), event("ada", 2, "pay"), event("ada", 1, "cart"), event("ada", 0, "view")],
    params: { gap: "30" },
  });
  assert.deepEqual(records, [
    { user: "ada", began: 0, events: 3, reached: 3 },
    { user: "ada", began: 2_400_000, events: 1, reached: 1 },
  ]);
});

test("counts a step only after the one before it", async () => {
  const { records } = await testJob(job, { input: [event("bob", 0, "pay"), event("bob", 1, "view")] });
  assert.deepEqual(
    records.map(({ reached }) => reached),
    [1],
  );
});
