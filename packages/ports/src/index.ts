export type { Clock, Randomness, Timer } from "./clock.ts";
export type { BlockLocation, FileReader, FileStatus, FileWriter, Storage } from "./storage.ts";
export type { Journal, ReplayedJournal } from "./journal.ts";
export type {
  ControlChannel,
  CoordinatorSession,
  SessionListener,
  WorkerSession,
  WorkerSessionHandler,
} from "./control-channel.ts";
export type { AttemptHandler, AttemptOrder, SegmentInput, TaskExecutor } from "./task-executor.ts";
export type { SegmentOutcome, SegmentRequest, SegmentSource } from "./segment-source.ts";
