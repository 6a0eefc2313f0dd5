// Codecs of the descriptions in task.proto, and the single fields that all tables share.

import type {
  AttemptFailure,
  AttemptProgress,
  AttemptRef,
  AttemptResult,
  AttemptUsage,
  BadRecordSample,
  ConsumedSegments,
  ConsumedSplits,
  OutputFile,
  OutputSpec,
  OwnedRange,
  PartFileOptions,
  RunSummary,
  StageKind,
  SideFile,
} from "@millrace/core";
import { limits, parseJobId, parseWorkerId } from "@millrace/core";
import {
  hex,
  hexUpTo,
  integer,
  list,
  listOrAbsent,
  optional,
  parsed,
  pattern,
  real,
  text,
  words,
} from "../codec/field-codec.ts";
import { counts, message, record, union } from "../codec/message-codec.ts";

/** Longest URI that is carried: `limits.uriCharactersMax`, and room for the names below a staging directory. */
export const uriCharactersMax = 8_192;
/** Error texts are cut to `limits.errorTextBytesMax` where they are made; room for what a coordinator adds. */
const failureCharactersMax = 4 * limits.errorTextBytesMax;

export const jobId = parsed("a job id", parseJobId);
export const workerId = parsed("a worker id", parseWorkerId);
export const uri = text(uriCharactersMax, 1);
/** Names of hosts, racks and addresses. */
export const label = text(255);
export const stageIndex = integer(0, limits.stagesMax - 1);
/** Tasks of a job, and attempts of a task, have four and seven digits in `parseAttemptName`. */
export const taskIndex = integer(0, limits.tasksMax - 1);
export const attemptIndex = integer(0, 9_999);
export const size = integer();
export const fraction = real(0, 1);

/** The name of an attempt within its job. */
export const attemptText = pattern("an attempt's name", /^\d{1,4}-\d{1,7}\.\d{1,4}$/);
export const errorCode = pattern("an error code", /^E_[A-Z_]{1,40}$/);
export const partFiles = message<PartFileOptions>({
  replication: optional(integer(1, 512)),
  blockBytes: optional(integer(512, 2 ** 40)),
  permission: optional(integer(1, 0o777)),
});
export const inputGrowth = words({ refuse: "INPUT_GROWTH_REFUSE", prefix: "INPUT_GROWTH_PREFIX" });
export const codecName = words({
  none: "CODEC_NONE",
  gzip: "CODEC_GZIP",
  zstd: "CODEC_ZSTD",
  bzip2: "CODEC_BZIP2",
  zlib: "CODEC_ZLIB",
  snappy: "CODEC_SNAPPY",
  lz4: "CODEC_LZ4",
  detect: "CODEC_DETECT",
});
export const stageKind = words<StageKind>({
  map: "STAGE_KIND_MAP",
  reduce: "STAGE_KIND_REDUCE",
  sample: "STAGE_KIND_SAMPLE",
});
export const phase = words<AttemptProgress["phase"]>({
  gather: "ATTEMPT_PHASE_GATHER",
  map: "ATTEMPT_PHASE_MAP",
  reduce: "ATTEMPT_PHASE_REDUCE",
  write: "ATTEMPT_PHASE_WRITE",
});
/** Job parameters are part of the spec, whose size bounds them. */
export const params = record(text(limits.specBytesMax), { namesMax: 1_000, nameCharactersMax: 128 });
/** Side files of a job. */
export const sideFiles = listOrAbsent(
  message<SideFile>({ name: text(64, 1), sha256: hex(32), bytes: integer(0, limits.sideFileBytesMax) }),
  limits.sideFilesMax,
);

/** User counters and the engine's own. */
export const counters = counts({
  namesMax: 2 * limits.countersMax,
  nameCharactersMax: limits.counterNameCharactersMax,
});

export const attemptRef = message<AttemptRef>({
  job: jobId,
  stage: stageIndex,
  task: taskIndex,
  attempt: attemptIndex,
});

export const outputSpec = message<OutputSpec>({
  name: pattern("an output's name", /^[a-z0-9-]{0,64}$/),
  extension: pattern("an extension", /^[A-Za-z0-9._-]{0,32}$/),
});

export const runSummary = message<RunSummary>({
  partitions: integer(1, limits.reducesMax),
  storedBytes: size,
  pairs: size,
  rawBytes: size,
  vectorDigest: hex(16),
});

const ownedRange = message<OwnedRange>({ uri, begin: size, end: size });

const consumed = union<ConsumedSplits | ConsumedSegments>({
  splits: message<Omit<ConsumedSplits, "kind">>({
    ranges: list(ownedRange, limits.splitPartsMax),
    records: size,
    badRecords: size,
    bytes: size,
  }),
  segments: message<Omit<ConsumedSegments, "kind">>({
    maps: integer(0, limits.tasksMax),
    pairs: size,
    rawBytes: size,
    digest: hex(8),
  }),
});

const outputPath = pattern(
  "a path below the attempt's directory",
  /^(?!.*(?:^|\/)\.{0,2}(?:\/|$))[A-Za-z0-9._/-]{1,512}$/,
);
/** At most 64 bytes in hexadecimal. */
const keyHex = pattern("a key in hexadecimal", /^(?:[0-9a-f]{2}){0,64}$/);

export const outputFile = message<OutputFile>({
  output: pattern("an output's name", /^[a-z0-9-]{0,64}$/),
  path: outputPath,
  bytes: size,
  records: size,
  crc32: integer(0, 0xffff_ffff),
  firstKey: optional(keyHex),
  lastKey: optional(keyHex),
});

export const badRecordSample = message<BadRecordSample>({
  uri,
  offset: size,
  reason: text(1_024),
  text: text(4_096),
});

const usage = message<AttemptUsage>({ durationMs: size, cpuMs: size, peakRssBytes: size });

/** The beginning of an encoded key, of a sample or between two ranges. */
export const keyPrefix = hexUpTo(limits.sampleKeyBytesMax);

export const attemptResult = message<AttemptResult>({
  attempt: attemptRef,
  consumed,
  run: optional(runSummary),
  files: list(outputFile, limits.outputsMax),
  counters,
  badRecords: list(badRecordSample, limits.badRecordSamplesMax),
  sample: listOrAbsent(keyPrefix, limits.sampleKeysTaskMax),
  usage,
});

export const attemptFailure = message<AttemptFailure>({
  code: errorCode,
  message: text(failureCharactersMax),
  record: optional(
    message<NonNullable<AttemptFailure["record"]>>({
      uri: text(uriCharactersMax),
      offset: size,
      text: text(failureCharactersMax),
    }),
  ),
});

export const attemptProgress = message<AttemptProgress>({
  attempt: attemptRef,
  phase,
  fraction,
  records: size,
  bytes: size,
});

export const outputSpecs = list(outputSpec, limits.outputsMax);
