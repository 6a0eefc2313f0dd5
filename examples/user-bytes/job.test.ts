import assert from "node:assert/strict";
import { test } from "node:test";
import { testJob } from "millrace";
import job from "./job.ts";

const hit = (user: string, bytes: string): string =>
  `192.0.2.1 - ${user} [01/Mar/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 ${bytes}`;

test("adds up the bytes of each user, and lists who is no user", async () => {
  const { records, outputs } = await testJob(job, {
    inputs: {
      users: ["name,country", "ada,UK", "grace,US", "idle,FR"],
      hits: [hit("ada", "10"), hit("-", "1"), hit("grace", "5"), hit("ada", "-"), hit("zed", "7")],
    },
  });
  assert.deepEqual(
    records.toSorted((a, b) => (a.user < b.user ? -1 : 1)),
    [
      { user: "ada", country: "UK", hits: 2, bytes: 10 },
      { user: "grace", country: "US", hits: 1, bytes: 5 },
      { user: "idle", country: "FR", hits: 0, bytes: 0 },
    ],
  );
  assert.deepEqual(outputs.unknown, [{ user: "zed", hits: 1 }]);
});
