// The planted bugs: each a change of one place in the built engine that brings back a mistake of other engines, or of
// this one, as the field notes list them.

/** One bug to plant. */
export interface PlantedBug {
  readonly name: string;
  /** Where the mistake was made before. */
  readonly row: string;
  /** File below core/dist. */
  readonly file: string;
  /** Text that stands there exactly once. */
  readonly from: string;
  readonly to: string;
}

/** All planted bugs. */
export const plantedBugs: readonly PlantedBug[] = [
  {
    name: "second-attempt-accepted",
    row: "SPARK-24589, SPARK-39195: two attempts of one task count",
    file: "schedule/settle-report.js",
    from: "if (task.accepted === undefined)\n        accept(",
    to: "if (true)\n        accept(",
  },
  {
    name: "consumption-unchecked",
    row: "SPARK-58830, SPARK-48580: a reducer skips or mixes segments unnoticed",
    file: "schedule/check-report.js",
    from: "return consumptionFault(consumed, partitionSum(sums, ref.task));",
    to: "return undefined;",
  },
  {
    name: "lost-maps-not-requeued",
    row: "MAPREDUCE-4772, MAPREDUCE-4425: lost map output is not made again",
    file: "schedule/worker-liveness.js",
    from: "maybeEnqueue(job, stage, task);",
    to: "",
  },
  {
    name: "publish-before-journal",
    row: "MAPREDUCE-4819, committer v2: output appears before the commit is durable",
    file: "commit/commit-machine.js",
    from: 'return placeAll(record(turn, { kind: "committing", wallMs: event.wallMs }));',
    to: "return placeAll(turn);",
  },
  {
    name: "unknown-publish-is-failure",
    row: "FoundationDB commit_unknown_result, SPARK-39195: a lost reply is taken for a failure",
    file: "commit/commit-machine.js",
    from: 'return wait(change(turn, { publishAtLarge: lingers }), "look-published");',
    to: 'return end(record(turn, { kind: "voiding", failure: failureOf(turn, "E_COMMIT", "no answer") }), { kind: "failed", failure: failureOf(turn, "E_COMMIT", "no answer") });',
  },
  {
    name: "incarnation-ignored",
    row: "etcd#20418, fencing: a process's next life is taken for the one before",
    file: "schedule/register-worker.js",
    from: "if (incarnation > row.incarnation) {",
    to: "if (false) {",
  },
  {
    name: "segments-released-early",
    row: "MAPREDUCE-4772, TEZ-3937: map output is deleted while a reducer still needs it",
    file: "journal/job-state.js",
    from: "(!stageAccepted(reader) || segmentsNeeded(state, consumer))",
    to: "reader.acceptedTasks === 0",
  },
  {
    name: "late-tick-extends-nothing",
    row: "HDFS-3640, MAPREDUCE-4817: a stall of the coordinator costs living workers their leases",
    file: "schedule/coordinator-machine.js",
    from: "expireLeases(turn, lateMs);",
    to: "expireLeases(turn, 0);",
  },
  {
    name: "stale-result-counts",
    row: "SPARK-19631: an attempt that has ended already counts after all",
    file: "schedule/revive-attempt.js",
    from: 'found?.status !== "lost"',
    to: "found === undefined",
  },
  {
    name: "reset-keeps-readers",
    row: "SPARK-23207, SPARK-51272: consumers of a withdrawn result go on",
    file: "schedule/settle-report.js",
    from: "if (!consumers.includes(reader.ref.stage))",
    to: "if (true)",
  },
  {
    name: "kill-after-commit",
    row: "MAPREDUCE-4832: a job ends twice, once as killed and once as published",
    file: "schedule/kill-job.js",
    from: 'if (run.state.phase === "committing" || run.state.phase === "published")',
    to: "if (false)",
  },
  {
    name: "indeterminate-map-unnoticed",
    row: "SPARK-23207, SPARK-38160: a map that runs again gives other pairs, and nobody looks",
    file: "schedule/settle-report.js",
    from: "else if (report.result.run?.vectorDigest === task.accepted.result.run?.vectorDigest)",
    to: "else if (true)",
  },
  {
    name: "reset-after-consumption",
    row: "SPARK-23243: a consumed result is withdrawn",
    file: "schedule/settle-report.js",
    from: "const mayReset = !consumed &&",
    to: "const mayReset = true &&",
  },
  {
    name: "reset-keeps-counters",
    row: "Google 2004, I9: a withdrawn attempt's counters stay",
    file: "journal/apply-job-record.js",
    from: "addCounters(state, accepted.result.counters, -1);",
    to: "",
  },
  {
    name: "aside-without-intent",
    row: "HDFS-9690, write-ahead rule: the old output moves before its intent is durable",
    file: "commit/commit-machine.js",
    from: 'record(turn, { kind: "aside", uri })',
    to: "turn",
  },
  {
    name: "broken-worker-of-two-not-avoided",
    row: "found here: one broken worker uses up the tries of a task, while the other is busy",
    file: "schedule/avoid-worker.js",
    from: "Math.max(1, Math.floor(living.length / 3))",
    to: "Math.floor(living.length / 3)",
  },
  {
    name: "verification-without-deadline",
    row: "found here: a source whose disk hangs never says whether a segment is good, and its reader waits for ever",
    file: "schedule/coordinator-machine.js",
    from: "expireVerifications(turn, job, lateMs);",
    to: "",
  },
  {
    name: "gather-stuck-on-avoided-worker",
    row: "MAPREDUCE-4842, found here: a gathered reducer never gets its slot",
    file: "schedule/assign-work.js",
    from: "(mayTake(turn, job, row) && launchSomeSplit(turn, job, row)) || launchSomeReduce(turn, job, row)",
    to: "mayTake(turn, job, row) && (launchSomeSplit(turn, job, row) || launchSomeReduce(turn, job, row))",
  },
  {
    name: "result-told-once",
    row: "SPARK-39195: the report of a finished attempt is lost with its session",
    file: "schedule/worker/worker-session.js",
    from: "send(turn, attempt.message);",
    to: "undefined;",
  },
  {
    name: "maps-before-ranges",
    row: "I25: a map is launched before its key ranges are made",
    file: "journal/job-state.js",
    from: "?.ranges !== undefined && state.stages[stage]?.cuts === undefined;",
    to: "?.ranges !== undefined && false;",
  },
  {
    name: "ranges-not-journalled",
    row: "write-ahead rule: workers cut by ranges that no journal has",
    file: "schedule/make-ranges.js",
    from: 'turn.recordJob(job, { kind: "ranges", stage: stage.of, cuts: cutKeyRanges(keys, mapped.plan.partitions) });',
    to: "mapped.cuts = cutKeyRanges(keys, mapped.plan.partitions);",
  },
  {
    name: "ranges-made-anew",
    row: "I25: a restart makes the ranges anew, and maps before and after it are cut at other keys",
    file: "schedule/coordinator-machine.js",
    from: "const runs = jobs.map((state) => createJobRun(",
    to: "const runs = jobs.map((state) => (state.stages.forEach((stage) => { if (stage.acceptedTasks === 0) stage.cuts = undefined; }), createJobRun)(",
  },
  {
    name: "ranges-not-told",
    row: "I25: a worker runs a map without the ranges that its pairs are cut by",
    file: "schedule/launch-attempt.js",
    from: "sendRanges(turn, job, ref.stage, row);",
    to: "",
  },
  {
    name: "samples-counted",
    row: "Google 2004, I9: what a sample counted counts again in the map",
    file: "schedule/settle-report.js",
    from: 'attempt.kind === "sample" ? sampleResult(result) : acceptedResult(job, result, vectorAt)',
    to: "{ ...acceptedResult(job, result, vectorAt), ...(result.sample && { sample: result.sample }) }",
  },
  {
    name: "named-parts-collide",
    row: "I5: parts of two stages get one name",
    file: "commit/commit-order.js",
    from: "...(shared ? { stage: attempt.stage } : {}),",
    to: "",
  },
];
