import assert from "node:assert/strict";
import { test } from "node:test";
import { testJob } from "millrace";
import job from "./job.ts";

const request = (endpoint: string, ms: number, status = 200): string =>
  JSON.stringify({ endpoint, status, ms, message: "why" });

test("lists endpoints by their 95th percentile, the slowest first", async () => {
  const { records } = await testJob(job, {
    input: [request("/fast", 1), request("/slow", 900), request("/fast", 2), request("/middling", 50)],
  });
  assert.deepEqual(
    records.map(({ endpoint, requests }) => [endpoint, requests]),
    [
      ["/slow", 1],
      ["/middling", 1],
      ["/fast", 2],
    ],
  );
  // The quantile is within 1 % of the true one.
  assert.ok(Math.abs((records[0]?.p95 ?? 0) / 900 - 1) < 0.01);
});

test("sends failures and refusals to their own outputs", async () => {
  const { outputs } = await testJob(job, {
    input: [request("/a", 1, 503), request("/b", 2), request("/c", 3, 404)],
  });
  assert.deepEqual(
    outputs.failures.map(({ endpoint, status }) => [endpoint, status]),
    [["/a", 503]],
  );
  assert.deepEqual(outputs.refusals, ["404 /c why"]);
});
