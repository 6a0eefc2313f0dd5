export type { Clock, Randomness, Timer } from "./clock.ts";
export type {
  BlockLocation,
  Durability,
  FileReader,
  FileStatus,
  FileWriter,
  ListOptions,
  NewFileOptions,
  OpenOptions,
  ServedBytes,
  Storage,
} from "./storage.ts";
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
export { storageBecause, storageError, storageReason } from "./storage-error.ts";
export type { StorageFault, StorageReason } from "./storage-error.ts";
export { createMemoryStorage } from "./memory-storage.ts";
export type { MemoryStorageOptions } from "./memory-storage.ts";
export { armFailpoints, awaitFailpoint, failpoint } from "./failpoints.ts";
export { failpointNames } from "./failpoint-names.ts";
export type { FailpointName } from "./failpoint-names.ts";
export { makeDirectoryTree, makeDirectoryTreeSync } from "./make-directory.ts";
export { createSystemClock, createSystemRandomness } from "./system-clock.ts";
export { storageContract } from "./storage-contract.ts";
export type { StorageCase } from "./storage-contract.ts";
