export { defaultSlotMemory, hostLimits } from "./host-limits.ts";
export type { SlotMemory } from "./host-limits.ts";
export { engineCounters } from "./attempt/attempt-counters.ts";
export { createProcessExecutor } from "./process/process-executor.ts";
export type { ProcessExecutorOptions } from "./process/process-executor.ts";
export { createThreadExecutor } from "./thread/thread-executor.ts";
export type { ThreadExecutorOptions } from "./thread/thread-executor.ts";
export { testJob } from "./test-job/test-job.ts";
export type { TestJobInput, TestJobResult } from "./test-job/test-job.ts";
