// A reporter of vitest: after a run with faults, a table of what each of them did to the jobs that it struck.

import type { Reporter, TestModule } from "vitest/node";

/** What a test tells of one run, in `meta.faultRun`. */
export interface FaultRun {
  readonly fault: string;
  /** From the submission to the end of the job; absent until it has ended with the right output. */
  readonly jobMs?: number;
}

const header = ["fault", "runs", "right", "median s", "max s"] as const;

/** Prints the table at the end; nothing when no fault was among the tests. */
export class FaultReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const byFault = new Map<string, FaultRun[]>();
    for (const each of modules.flatMap((module) => [...module.children.allTests()])) {
      const run = (each.meta() as { readonly faultRun?: FaultRun }).faultRun;
      if (run === undefined) continue;
      // A run whose output was right, and whose test failed after that, counts as wrong.
      const { fault } = run;
      byFault.set(fault, [...(byFault.get(fault) ?? []), each.ok() ? run : { fault }]);
    }
    if (byFault.size > 0) console.log(`\n${tableOf([header, ...[...byFault.values()].map(rowOf)])}\n`);
  }
}

function rowOf(runs: readonly FaultRun[]): readonly string[] {
  const ms = runs.flatMap(({ jobMs }) => (jobMs === undefined ? [] : [jobMs])).toSorted((a, b) => a - b);
  const seconds = (value: number | undefined): string => (value === undefined ? "-" : (value / 1_000).toFixed(1));
  const median = ms[Math.floor((ms.length - 1) / 2)];
  return [runs[0]?.fault ?? "", String(runs.length), String(ms.length), seconds(median), seconds(ms.at(-1))];
}

function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = header.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows
    .map((row) =>
      row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join("  "),
    )
    .join("\n");
}
