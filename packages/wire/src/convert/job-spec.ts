// Codec of a job's spec: whether its parts fit together is checked by core/job; here, that they are what they seem.

import type {
  BundleRef,
  InputFormatSpec,
  InputSpec,
  JobOptions,
  JobSpec,
  MapStageSpec,
  OutputTarget,
  ReduceStageSpec,
  SampleStageSpec,
  ShuffleSpec,
  StageSpec,
} from "@millrace/core";
import { limits } from "@millrace/core";
import { flag, hex, integer, integerOrAuto, list, optional, real, text, words } from "../codec/field-codec.ts";
import { message, union } from "../codec/message-codec.ts";
import { inputGrowth, outputSpecs, params, partFiles, sideFiles, stageIndex, uri } from "./task-fields.ts";

const bundleRef = message<BundleRef>({ sha256: hex(32), bytes: integer(0, limits.bundleBytesMax) });

const inputSpec = message<InputSpec>({
  name: optional(text(limits.inputNameCharactersMax)),
  patterns: list(uri, limits.inputFilesMax),
  format: message<InputFormatSpec>({
    name: text(128, 1),
    splitting: words({
      none: "SPLITTING_NONE",
      delimiter: "SPLITTING_DELIMITER",
      plain: "SPLITTING_PLAIN",
      "sync-mark": "SPLITTING_SYNC_MARK",
      numbers: "SPLITTING_NUMBERS",
    }),
    numbers: optional(integer(0, Number.MAX_SAFE_INTEGER)),
  }),
});

const shuffleSpec = message<ShuffleSpec>({
  partitions: integerOrAuto(1, limits.reducesMax),
  pairs: words({ state: "PAIR_KIND_STATE", value: "PAIR_KIND_VALUE" }),
  ordered: flag,
  ranges: optional(stageIndex),
});

const stageSpec = union<StageSpec>({
  map: message<Omit<MapStageSpec, "kind">>({
    inputs: list(integer(0, 0xffff), 0xffff),
    shuffle: optional(shuffleSpec),
    outputs: outputSpecs,
  }),
  reduce: message<Omit<ReduceStageSpec, "kind">>({
    reads: stageIndex,
    shuffle: optional(shuffleSpec),
    outputs: outputSpecs,
  }),
  sample: message<Omit<SampleStageSpec, "kind">>({ of: stageIndex }),
});

const jobOptions = message<JobOptions>({
  priority: integer(-100, 100),
  splitBytes: integerOrAuto(1, Number.MAX_SAFE_INTEGER),
  badRecordsMax: real(0, 1),
  taskTimeoutMs: integer(1, Number.MAX_SAFE_INTEGER),
  attemptsMax: integer(1, 16),
  inputGrowth,
  partFiles: optional(partFiles),
});

/** A whole job. */
export const jobSpec = message<JobSpec>({
  name: text(limits.jobNameCharactersMax, 1),
  bundle: bundleRef,
  dataVersion: integer(0, 0xffff),
  nodeMajor: integer(0, 0xffff),
  inputs: list(inputSpec, 0xffff),
  stages: list(stageSpec, limits.stagesMax),
  output: message<OutputTarget>({ uri, overwrite: flag }),
  params,
  options: jobOptions,
  files: sideFiles,
});
