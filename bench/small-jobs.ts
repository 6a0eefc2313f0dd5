// 200 one-file jobs in a row on a warm cluster: time from submit to success, beside what one fsync costs here.
// Usage: node bench/small-jobs.ts [--jobs 200]

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openClient } from "../packages/cli/src/client/open-client.ts";
import { readEndpoint } from "../packages/cli/src/client/endpoint.ts";
import { buildSpec } from "../packages/cli/src/job-module/build-spec.ts";
import { parseSubmission } from "../packages/cli/src/job-module/parse-submission.ts";
import { startTestCluster } from "../e2e/cluster.ts";
import { millrace } from "../e2e/harness.ts";
import { measureFsync, percentile } from "./fsync.ts";

const { values } = parseArgs({ options: { jobs: { type: "string", default: "200" } } });
const scratch = mkdtempSync(join(tmpdir(), "millrace-bench-"));
const cluster = await startTestCluster({ workers: 2, slots: 1 });
try {
  const input = join(scratch, "in.txt");
  writeFileSync(input, "to be or not to be\n".repeat(500));
  const client = await openClient(readEndpoint(cluster.env["MILLRACE_ENDPOINT_FILE"] ?? ""));
  const times: number[] = [];
  for (let index = 0; index < Number(values.jobs) + 3; index += 1) {
    const { spec, bundle } = await buildSpec(
      parseSubmission(["word-count", [input, join(scratch, `out-${index}`)]], { param: [] }),
    );
    const begun = performance.now();
    const { job } = await client.submit(spec, bundle.source);
    const view = await client.watch(job, () => undefined, AbortSignal.timeout(60_000));
    if (view.state !== "succeeded") throw new Error(JSON.stringify(view.failure));
    // The first three warm the hosts.
    if (index >= 3) times.push(performance.now() - begun);
  }
  await client.close();
  const sorted = times.toSorted((a, b) => a - b);
  const fsync = measureFsync(200);
  const embedded: number[] = [];
  for (let index = 0; index < 7; index += 1)
    embedded.push((await millrace(["run", "word-count", input, join(scratch, `run-${index}`), "--quiet"])).ms);
  const show = (ms: number): string => `${ms.toFixed(1)} ms`;
  console.table({
    "submit to success": {
      p50: show(percentile(sorted, 0.5)),
      p99: show(percentile(sorted, 0.99)),
      max: show(sorted.at(-1) ?? Number.NaN),
    },
    "one fdatasync": {
      p50: show(percentile(fsync, 0.5)),
      p99: show(percentile(fsync, 0.99)),
      max: show(fsync.at(-1) ?? Number.NaN),
    },
    "millrace run, whole process": {
      p50: show(
        percentile(
          embedded.toSorted((a, b) => a - b),
          0.5,
        ),
      ),
      p99: "",
      max: show(Math.max(...embedded)),
    },
  });
} finally {
  await cluster.stop();
  rmSync(scratch, { recursive: true });
}
