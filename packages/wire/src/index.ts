// The protocol: its schema, its generated types, and converters between them and core.
export { schema } from "./gen/schema.ts";
export { decodeMessage, encodeMessage } from "./codec/message-codec.ts";
export type { MessageCodec } from "./codec/message-codec.ts";
export type { Codec } from "./codec/field-codec.ts";
export { chunkBytes, chunkBytesSent } from "./convert/client-calls.ts";
export * as clientCalls from "./convert/client-calls.ts";
export type {
  EventsRequest,
  JobEvent,
  JobPage,
  JobRequest,
  KillRequest,
  LogsRequest,
  PageRequest,
  SubmitHeader,
  SubmitReply,
  TaskPage,
  TasksRequest,
  WatchRequest,
} from "./convert/client-calls.ts";
export { jobEventOf } from "./convert/job-event.ts";
export { jobSpec } from "./convert/job-spec.ts";
export { jobSummary, jobView, taskView, workerView } from "./convert/views.ts";
export { createWorkerMessageDecoder, encodeWorkerMessage } from "./convert/worker-packets.ts";
export type { WorkerMessageDecoder } from "./convert/worker-packets.ts";
export { createCoordinatorMessageDecoder, encodeCoordinatorMessage } from "./convert/coordinator-packets.ts";
export type { CoordinatorMessageDecoder } from "./convert/coordinator-packets.ts";
export type { JobServiceClient, JobServiceHandlers } from "./gen/millrace/v1/JobService.ts";
export type { WorkerServiceClient, WorkerServiceHandlers } from "./gen/millrace/v1/WorkerService.ts";
