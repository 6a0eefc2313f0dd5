import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import * as calls from "../src/convert/client-calls.ts";
import { coordinatorPacket } from "../src/convert/coordinator-packets.ts";
import { jobSpec } from "../src/convert/job-spec.ts";
import * as fields from "../src/convert/task-fields.ts";
import { jobSummary, jobView, taskView, workerView } from "../src/convert/views.ts";
import { workerPacket } from "../src/convert/worker-packets.ts";
import { schema } from "../src/gen/schema.ts";

const packageRoot = join(dirname(fileURLToPath(import.meta.url)), "..");
const out = mkdtempSync(join(tmpdir(), "millrace-gen-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

function filesBelow(directory: string): ReadonlyMap<string, string> {
  const names = readdirSync(directory, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  return new Map(
    names.toSorted((a, b) => (a < b ? -1 : 1)).map((name) => [name, readFileSync(join(directory, name), "utf8")]),
  );
}

describe("generated protocol types", () => {
  it("are what proto/ gives: run `npm run generate --workspace @millrace/wire` after a change", () => {
    execFileSync(process.execPath, [join(packageRoot, "scripts/generate.mjs"), "--out", out]);
    const committed = filesBelow(join(packageRoot, "src/gen"));
    const fresh = filesBelow(out);
    expect([...committed.keys()]).toEqual([...fresh.keys()]);
    for (const [name, content] of fresh) expect(committed.get(name), name).toBe(content);
  });
});

describe("conversion tables", () => {
  const messages = schema.nested.millrace.nested.v1.nested as unknown as Readonly<
    Record<string, { readonly fields?: Readonly<Record<string, unknown>> }>
  >;
  const tables: readonly (readonly [string, { readonly wireFields: readonly string[] }])[] = [
    ["AttemptRef", fields.attemptRef],
    ["AttemptResult", fields.attemptResult],
    ["AttemptFailure", fields.attemptFailure],
    ["AttemptProgress", fields.attemptProgress],
    ["OutputFile", fields.outputFile],
    ["RunSummary", fields.runSummary],
    ["BadRecordSample", fields.badRecordSample],
    ["WorkerMessage", workerPacket],
    ["CoordinatorMessage", coordinatorPacket],
    ["JobSpec", jobSpec],
    ["JobSummary", jobSummary],
    ["Job", jobView],
    ["Task", taskView],
    ["Worker", workerView],
    ["SubmitHeader", calls.submitHeader],
    ["SubmitReply", calls.submitReply],
    ["GetRequest", calls.jobRequest],
    ["CountersRequest", calls.jobRequest],
    ["ListRequest", calls.listRequest],
    ["ListReply", calls.listReply],
    ["WatchRequest", calls.watchRequest],
    ["KillRequest", calls.killRequest],
    ["KillReply", calls.jobRequest],
    ["CountersReply", calls.countersReply],
    ["EventsRequest", calls.eventsRequest],
    ["Event", calls.jobEvent],
    ["TasksRequest", calls.tasksRequest],
    ["TasksReply", calls.tasksReply],
    ["LogsRequest", calls.logsRequest],
    ["LogChunk", calls.chunk],
    ["BundleChunk", calls.chunk],
    ["FetchBundleRequest", calls.bundleRequest],
    ["WorkersReply", calls.workersReply],
  ];

  it.each(tables)("%s names the fields of its message", (name, table) => {
    expect(new Set(table.wireFields)).toEqual(new Set(Object.keys(messages[name]?.fields ?? {})));
  });
});
