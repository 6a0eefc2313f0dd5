import assert from "node:assert/strict";
import { test } from "node:test";
import { testJob } from "millrace";
import job from "./job.ts";

test("counts words in any case, and leaves out those of the list", async () => {
  const { records, counters } = await testJob(job, {
    input: ["The mill grinds", "the MILL, the race"],
    files: { "stop-words.txt": "the\na\n" },
  });
  const counts = Object.fromEntries(records.map(({ key, value }) => [key, value]));
  assert.deepEqual(counts, { grinds: 1, mill: 2, race: 1 });
  assert.equal(counters["stop words"], 3);
});

test("leaves out short words", async () => {
  const { records } = await testJob(job, {
    input: ["a bb ccc"],
    files: { "stop-words.txt": "" },
    params: { letters: "2" },
  });
  assert.deepEqual(new Set(records.map(({ key }) => key)), new Set(["bb", "ccc"]));
});
