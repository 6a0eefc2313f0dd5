// What is to be committed: made once from the spec, the plan and the accepted results, the same after every recovery.
// The manifest's text is deterministic, so a second writing of `_SUCCESS` changes nothing.

import { invariant } from "../errors/invariant.ts";
import type { OutputFile } from "../model/attempt-result.ts";
import type { JobId } from "../model/ids.ts";
import type { OutputSpec, PartFileOptions, StageKind } from "../model/job-spec.ts";
import { isPlacementCounter } from "../model/placement-counters.ts";
import type { AttemptKey } from "../model/records.ts";
import type { Manifest, ManifestPart } from "../model/storage-call.ts";
import { createHash128 } from "../digest/murmur-hash.ts";
import { attemptUriOf, dataUriOf, partNameOf } from "./commit-names.ts";

/** A file to move from an attempt's directory to its final name. */
export interface PlannedMove {
  readonly from: string;
  readonly to: string;
}

/** All that the commit needs to know; immutable. */
export interface CommitOrder {
  readonly job: JobId;
  readonly stagingUri: string;
  readonly outputUri: string;
  readonly overwrite: boolean;
  readonly moves: readonly PlannedMove[];
  readonly manifest: Manifest;
  /** How `_SUCCESS` is written, as part files are; absent leaves it to storage. */
  readonly partFiles?: PartFileOptions;
  /** Content of `_SUCCESS`. */
  readonly manifestText: string;
  /** UTF-8 bytes of {@link manifestText}. */
  readonly manifestBytes: number;
}

/** The accepted files of one task. */
export interface AcceptedFiles {
  readonly attempt: AttemptKey;
  readonly files: readonly OutputFile[];
}

/** What {@link createCommitOrder} is made from. */
export interface CommitSource {
  readonly job: JobId;
  readonly name: string;
  readonly planHash: string;
  readonly stagingUri: string;
  readonly outputUri: string;
  readonly overwrite: boolean;
  readonly partFiles?: PartFileOptions | undefined;
  /** Kind and outputs of each stage, as in the job spec. */
  readonly stages: readonly { readonly kind: StageKind; readonly outputs: readonly OutputSpec[] }[];
  /** Every task that wrote files, in any order. */
  readonly accepted: readonly AcceptedFiles[];
  /** The job's counters: sums over accepted attempts. */
  readonly counters: Readonly<Record<string, number>>;
}

/** Make the order of a job's commit. Parts are sorted by name. @throws {InvariantError} when two files get one name. */
export function createCommitOrder(source: CommitSource): CommitOrder {
  const shared = sharedOutputs(source);
  const entries = source.accepted.flatMap((accepted) =>
    accepted.files.map((file) => partOf(source, accepted, { file, shared: shared.has(file.output) })),
  );
  entries.sort((a, b) => (a.part.name < b.part.name ? -1 : 1));
  entries.forEach(({ part }, index) => {
    invariant(part.name !== entries[index + 1]?.part.name, `two files become ${part.name}`);
  });
  const manifest: Manifest = {
    format: "millrace-manifest",
    version: 1,
    job: source.job,
    name: source.name,
    planHash: source.planHash,
    parts: entries.map(({ part }) => part),
    counters: sortedByName(resultCounters(source.counters)),
  };
  const manifestText = manifestToText(manifest);
  return {
    job: source.job,
    stagingUri: source.stagingUri,
    outputUri: source.outputUri,
    overwrite: source.overwrite,
    moves: entries.map(({ move }) => move),
    manifest,
    ...(source.partFiles === undefined ? {} : { partFiles: source.partFiles }),
    manifestText,
    manifestBytes: utf8Length(manifestText),
  };
}

/**
 * Print a manifest with one part a line, its fields in a fixed order, and a final newline. The last field is a digest of
 * the text before it (MurmurHash3 x86_128 of its UTF-16 units), so that a flipped bit in the manifest is found too.
 */
export function manifestToText(manifest: Manifest): string {
  const { format, version, job, name, planHash } = manifest;
  const head = Object.entries({ format, version, job, name, planHash });
  const parts = manifest.parts.map((part) => `    ${JSON.stringify(partFields(part))}`);
  const fields = [
    ...head.map(([field, value]) => `  ${JSON.stringify(field)}: ${JSON.stringify(value)}`),
    parts.length === 0 ? `  "parts": []` : `  "parts": [\n${parts.join(",\n")}\n  ]`,
    `  "counters": ${JSON.stringify(sortedByName(manifest.counters))}`,
  ];
  const body = `{\n${fields.join(",\n")},\n`;
  const hash = createHash128();
  hash.addText(body);
  return `${body}  "digest": "${hash.digest()}"\n}\n`;
}

/** Compare a text with the manifest that it was parsed to. @returns what is wrong, undefined when it is untouched. */
export function checkManifestText(text: string, manifest: Manifest): string | undefined {
  return manifestToText(manifest) === text ? undefined : "does not match its own digest: it was changed";
}

/** Read the text of a `_SUCCESS` file. @returns undefined when it is no manifest of a version that this release knows. */
export function parseManifest(text: string): Manifest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isManifest(value)) return undefined;
  const { format, version, job, name, planHash, parts, counters } = value;
  return { format, version, job, name, planHash, parts, counters };
}

function isManifest(value: unknown): value is Manifest {
  if (!isRecord(value) || value["format"] !== "millrace-manifest" || value["version"] !== 1) return false;
  const { job, name, planHash, parts, counters } = value;
  if (typeof job !== "string" || typeof name !== "string" || typeof planHash !== "string") return false;
  return Array.isArray(parts) && parts.every(isPart) && isRecord(counters);
}

function isPart(value: unknown): value is ManifestPart {
  if (!isRecord(value) || typeof value["name"] !== "string" || typeof value["output"] !== "string") return false;
  return ["bytes", "records", "crc32"].every(
    (field) => Number.isSafeInteger(value[field]) && Number(value[field]) >= 0,
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Outputs that several stages may write, whether or not they did: names depend on the spec alone. */
function sharedOutputs({ stages }: CommitSource): ReadonlySet<string> {
  const names = stages.flatMap(({ outputs }) => outputs.map(({ name }) => name));
  return new Set(names.filter((name, index) => names.indexOf(name) !== index));
}

function partOf(
  source: CommitSource,
  { attempt }: AcceptedFiles,
  { file, shared }: { readonly file: OutputFile; readonly shared: boolean },
): { readonly move: PlannedMove; readonly part: ManifestPart } {
  const stage = source.stages[attempt.stage];
  const output = stage?.outputs.find(({ name }) => name === file.output);
  invariant(stage !== undefined && output !== undefined, `stage ${attempt.stage} has no output ${file.output}`);
  const name = partNameOf({
    stageKind: stage.kind,
    task: attempt.task,
    output: file.output,
    extension: output.extension,
    ...(shared ? { stage: attempt.stage } : {}),
  });
  const { path, ...facts } = file;
  return {
    move: {
      from: `${attemptUriOf(source.stagingUri, attempt)}/${path}`,
      to: `${dataUriOf(source.stagingUri)}/${name}`,
    },
    part: { name, ...facts },
  };
}

function partFields(part: ManifestPart): ManifestPart {
  const { name, output, bytes, records, crc32, firstKey, lastKey } = part;
  return {
    name,
    output,
    bytes,
    records,
    crc32,
    ...(firstKey === undefined ? {} : { firstKey }),
    ...(lastKey === undefined ? {} : { lastKey }),
  };
}

/** Counters of the result; those that say where it was made are the job's own. */
function resultCounters(counters: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(counters).filter(([name]) => !isPlacementCounter(name)));
}

function sortedByName(counters: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(counters).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x1_0000 ? 3 : 4;
  }
  return bytes;
}
