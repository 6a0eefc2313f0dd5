import assert from "node:assert/strict";
import { test } from "node:test";
import { testJob } from "millrace";
import job from "./job.ts";

const hit = (day: number, path: string, status: number, bytes: string): string =>
  `192.0.2.1 - - [0${day}/Mar/2026:23:59:59 +0000] "GET ${path} HTTP/1.1" ${status} ${bytes}`;
const input = [hit(1, "/a", 200, "10"), hit(2, "/b", 200, "1"), hit(1, "/b", 304, "-"), hit(2, "/b", 200, "2")];

test("adds up days; a response without a size is a hit and no bytes", async () => {
  const { outputs } = await testJob(job, { input });
  assert.deepEqual(
    outputs.days.toSorted((a, b) => (a.day ?? 0) - (b.day ?? 0)),
    [
      { day: Date.UTC(2026, 2, 1), hits: 2, bytes: 10 },
      { day: Date.UTC(2026, 2, 2), hits: 2, bytes: 3 },
    ],
  );
});

test("lists the pages with the most hits that gave something, first first", async () => {
  const { outputs } = await testJob(job, { input, params: { pages: "1" } });
  assert.deepEqual(outputs.pages, [{ path: "/b", hits: 2, bytes: 3 }]);
});
