// Runs the log jobs on an access log of one's own and holds them against DuckDB; `npm run build` first.
// Run: node e2e/check-log-jobs.ts ACCESS-LOG...

import { join, resolve } from "node:path";
import { compareLatency, compareSessions, compareTraffic } from "./compare-log-reports.ts";
import type { Compared } from "./compare-log-reports.ts";
import { millrace, scratchDirectory } from "./harness.ts";
import { LogOracle } from "./log-oracle.ts";

const paths = process.argv.slice(2).map((path) => resolve(path));
if (paths.length === 0) throw new Error("name an access log");
const directory = scratchDirectory();
const oracle = await LogOracle.open(paths);

async function run(job: readonly string[], name: string): Promise<string> {
  const { exit, stderr } = await millrace(
    ["run", ...job, ...paths, name, "--split-bytes", "512KiB", "--reduces", "3"],
    {
      cwd: directory.path,
      timeoutMs: 600_000,
    },
  );
  if (exit !== 0) throw new Error(stderr);
  return join(directory.path, name);
}

function tell(name: string, { rows, percentileError, distinctError }: Compared): void {
  const errors = `percentiles at most ${(percentileError * 100).toFixed(3)} % off, visitors ${(distinctError * 100).toFixed(3)} %`;
  console.log(`${name}: equal, ${JSON.stringify(rows)}; ${errors}`);
}

try {
  const [counted] = await oracle.rows("select count(*) as hits from hits");
  console.log(`${counted?.["hits"]} hits by DuckDB`);
  tell("traffic", await compareTraffic(await run(["traffic", "-p", "top=100"], "traffic"), oracle, 100));
  for (const [group, sql] of Object.entries({
    path: "split_part(coalesce(path, ''), '?', 1)",
    status: "status::varchar",
    all: "null::varchar",
  })) {
    const output = await run(
      ["latency", "-p", "of=bytes", "-p", `group=${group}`, "-p", "window=1h"],
      `latency-${group}`,
    );
    const asked = { windowMs: 3_600_000, group: sql, of: "bytes" };
    tell(`latency by ${group}`, await compareLatency(output, oracle, asked));
  }
  tell("sessions", await compareSessions(await run(["sessions"], "sessions"), oracle, 30));
} finally {
  oracle.close();
  directory.remove();
}
