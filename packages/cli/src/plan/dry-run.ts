// `--dry-run` of run and submit: the plan on stdout, and nothing done.

import { createDefaultStorages } from "@millrace/storage";
import type { BuiltSpec } from "../job-module/build-spec.ts";
import type { Terminal } from "../output/terminal.ts";
import { createListingLine } from "../output/listing-line.ts";
import { describePlan } from "./describe-plan.ts";
import { makePlan } from "./make-plan.ts";
import { printPlan } from "./print-plan.ts";

/** Print what would be run. @returns the exit code. @throws {MillraceError} for what would be refused. */
export async function dryRun({ spec, program }: BuiltSpec, terminal: Terminal, json: boolean): Promise<number> {
  const line = createListingLine(terminal, () => performance.now());
  const made = await makePlan(createDefaultStorages(process.env), spec, line.found).finally(line.end);
  const description = describePlan(spec, program, made);
  if (json) terminal.data(`${JSON.stringify(description)}\n`);
  else for (const line of printPlan(description)) terminal.data(`${line}\n`);
  return 0;
}
