// Every failpoint of the engine. A name in MILLRACE_FAILPOINTS that is not here is refused, so that a test cannot pass
// because its failpoint was misspelt.

/** Names in the order of the data's way: `<part>.<place>`. */
export const failpointNames = [
  // Coordinator: journals
  "journal.beforeAppend",
  "journal.beforeSync",
  "journal.afterSync",
  // Coordinator: storage steps of a job, before and after each call
  "commit.beforeListInputs",
  "commit.afterListInputs",
  "commit.beforeInspect",
  "commit.afterInspect",
  "commit.beforeStaging",
  "commit.afterStaging",
  "commit.beforeMeasure",
  "commit.afterMeasure",
  "commit.beforePlace",
  "commit.afterPlace",
  "commit.beforeManifest",
  "commit.afterManifest",
  "commit.beforeCheck",
  "commit.afterCheck",
  "commit.beforeRename",
  "commit.afterRename",
  "commit.beforePublish",
  "commit.afterPublish",
  "commit.beforeRemove",
  "commit.afterRemove",
  // Coordinator: sessions and jobs
  "coordinator.beforeEffects",
  "coordinator.afterSubmit",
  "coordinator.beforeJobEnd",
  // Worker
  "worker.beforeRegister",
  "worker.beforeLaunch",
  "worker.beforeReport",
  "worker.afterReport",
  "worker.beforeFetch",
  "worker.afterFetch",
  "shuffle.beforeServe",
  // Task hosts
  "host.beforeKernels",
  "host.beforeMap",
  "host.beforeSpill",
  "host.beforeReduce",
  "host.beforeOutput",
  "host.beforeRunFile",
  "host.beforeReport",
  // Storage: local files
  "storage.open",
  "storage.read",
  "storage.create",
  "storage.write",
  "storage.sync",
  "storage.close",
  "storage.rename",
  "storage.publish",
  "storage.remove",
  "storage.list",
] as const;

/** A name of the list. */
export type FailpointName = (typeof failpointNames)[number];
