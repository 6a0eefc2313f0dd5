// Serving and gathering segments over HTTP/1.1. Exports stand in the order of the data's way.

export { shuffleLimits } from "./shuffle-limits.ts";
export type { ShuffleLimits } from "./shuffle-limits.ts";
export { logMac, sameMac, segmentMac } from "./segment-mac.ts";
export { startSegmentServer } from "./server/segment-server.ts";
export type { SegmentServer } from "./server/segment-server.ts";
export type { SegmentExtent, SegmentServerOptions } from "./server/server-context.ts";
export { logBytesHeader, logMacHeader, logRequestPath } from "./server/send-log.ts";
export { createSegmentGatherer } from "./gather/segment-gatherer.ts";
export type { GathererOptions } from "./gather/segment-gatherer.ts";
export { startShuffleService } from "./service/shuffle-service.ts";
export type { ShuffleService, ShuffleServiceOptions } from "./service/shuffle-service.ts";
export { startShuffleThread } from "./service/shuffle-thread.ts";
