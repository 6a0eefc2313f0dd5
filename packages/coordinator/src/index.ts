export { openCoordinator } from "./coordinator.ts";
export type { Coordinator, CoordinatorOptions } from "./coordinator.ts";
export { createInProcessChannel } from "./in-process-channel.ts";
export type { JobDesk } from "./job-desk.ts";
