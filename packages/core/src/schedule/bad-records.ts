// The limit of records that could not be parsed: judged once, when all maps are in, so that the answer does not depend
// on which map ended first.

import { quote } from "../errors/millrace-error.ts";
import type { JobState } from "../journal/job-state.ts";
import type { AttemptFailure, BadRecordSample } from "../model/attempt-result.ts";

/** Say why a job fails for its bad records. @returns undefined when it stays within its limit. */
export function badRecordsFailure(state: JobState): AttemptFailure | undefined {
  let good = 0;
  let bad = 0;
  let sample: BadRecordSample | undefined;
  for (const stage of state.stages) {
    if (stage.plan.kind !== "map") continue;
    for (const { accepted } of stage.tasks) {
      const consumed = accepted?.result.consumed;
      if (consumed?.kind !== "splits") continue;
      good += consumed.records;
      bad += consumed.badRecords;
      sample ??= accepted?.result.badRecords[0];
    }
  }
  const limit = state.spec.options.badRecordsMax;
  if (bad <= limit * (good + bad)) return undefined;
  const example =
    sample === undefined
      ? ""
      : `, such as ${quote(sample.text)} at ${quote(sample.uri)} offset ${sample.offset} (${sample.reason})`;
  return {
    code: "E_BAD_RECORDS",
    message: `Cannot go on with ${quote(state.spec.name)}: ${bad} of ${good + bad} records could not be parsed, more than the share ${limit}${example}; look at the input, or raise --bad-records-max`,
  };
}
