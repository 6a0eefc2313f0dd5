// Segments on a worker's own disk: where they lie and what they hold. Loads nothing of the network.

export {
  bundlePath,
  gatherPath,
  jobPath,
  jobsPath,
  keyPath,
  logPath,
  logsPath,
  runPath,
  runsPath,
  scratchPath,
  segmentPath,
  sideFilePath,
  sideFilesPath,
} from "./work-layout.ts";
export { deflateCodec, nodeRunTools } from "./run-tools.ts";
export { readVectorDigest, verifyRunFile } from "./run-reader.ts";
export { createLoneShuffleService } from "./service/lone-shuffle-service.ts";
export type { ShuffleService, ShuffleServiceOptions } from "./service/shuffle-service.ts";
