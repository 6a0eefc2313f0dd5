import assert from "node:assert/strict";
import { test } from "node:test";
import { testJob } from "millrace";
import job from "./job.ts";

const snapshot = (timestamp: number, total: number, pid = 1, handshakes = 0): string =>
  JSON.stringify({ address: "192.0.2.1", pid, timestamp, requests: { total, current: 1 }, ssl: { handshakes } });

test("adds up what a counter rose, also over a restart", async () => {
  // 100 to 130, then a restart, then 5 to 9: 30 + 5 + 4.
  const { records } = await testJob(job, {
    input: [snapshot(3, 5), snapshot(1, 100), snapshot(2, 130), snapshot(4, 9)],
  });
  assert.deepEqual(
    records.filter(({ counter }) => counter === "requests.total"),
    [{ server: "192.0.2.1", counter: "requests.total", increase: 39 }],
  );
});

test("keeps processes apart", async () => {
  const { records } = await testJob(job, {
    input: [snapshot(1, 1, 7, 10), snapshot(2, 1, 8, 500), snapshot(3, 1, 7, 12), snapshot(4, 1, 8, 503)],
  });
  const rises = new Map(records.map(({ counter, increase }) => [counter, increase]));
  assert.equal(rises.get("ssl.handshakes of 7"), 2);
  assert.equal(rises.get("ssl.handshakes of 8"), 3);
});
