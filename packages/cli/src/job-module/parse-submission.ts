// What `run` and `submit` are told, checked word by word before anything is loaded.

import { basename } from "node:path";
import { MillraceError, limits, quote } from "@millrace/core";
import type { JobOptions } from "@millrace/core";
import { defaultJobOptions } from "@millrace/core";
import { parseBytes, parseDuration, parseWhole } from "../output/units.ts";

/** A path with the name that it was given: `users=data/users.jsonl`. */
export interface NamedPath {
  readonly name: string;
  readonly path: string;
}

/** A submission as written. What its paths are depends on the job: see `assignPaths`. */
export interface Submission {
  /** A path or a shipped job's name. */
  readonly job: string;
  /** Positional ones: inputs, where they are not named, and the output. At least one. */
  readonly paths: readonly string[];
  /** Given with `--input`; a name may be there several times. */
  readonly inputs: readonly NamedPath[];
  /** Given with `--file`. Names differ. */
  readonly files: readonly NamedPath[];
  readonly overwrite: boolean;
  /** Given with `--name`; else the job's own. */
  readonly name: string | undefined;
  readonly params: Readonly<Record<string, string>>;
  readonly reduces: number | undefined;
  readonly options: JobOptions;
}

/** Read positional words and flags. @throws {MillraceError} E_USAGE naming the word and its range. */
export function parseSubmission(positional: readonly unknown[], flags: Readonly<Record<string, unknown>>): Submission {
  const [job, paths] = positional as readonly [string, readonly string[]];
  const reduces = flags["reduces"] as string | undefined;
  return {
    job,
    paths,
    inputs: parseInputs((flags["input"] as readonly string[] | undefined) ?? []),
    files: parseFiles((flags["file"] as readonly string[] | undefined) ?? []),
    overwrite: flags["overwrite"] === true,
    name: flags["name"] as string | undefined,
    params: parseParams(flags["param"] as readonly string[]),
    reduces: reduces === undefined ? undefined : parseWhole(reduces, "--reduces", { min: 1, max: limits.reducesMax }),
    options: parseOptions(flags),
  };
}

function parseOptions(flags: Readonly<Record<string, unknown>>): JobOptions {
  const text = (name: string): string | undefined => flags[name] as string | undefined;
  const splitBytes = text("splitBytes");
  const badRecordsMax = text("badRecordsMax");
  const taskTimeout = text("taskTimeout");
  const attemptsMax = text("attemptsMax");
  return {
    ...defaultJobOptions,
    inputGrowth: flags["inputGrowth"] === "prefix" ? "prefix" : "refuse",
    ...(text("priority") === undefined
      ? {}
      : { priority: parseWhole(String(text("priority")), "--priority", { min: -100, max: 100 }) }),
    ...(splitBytes === undefined ? {} : { splitBytes: parseSize(splitBytes) }),
    ...(badRecordsMax === undefined ? {} : { badRecordsMax: parseShare(badRecordsMax) }),
    ...(attemptsMax === undefined
      ? {}
      : { attemptsMax: parseWhole(attemptsMax, "--attempts-max", { min: 1, max: 16 }) }),
    ...(taskTimeout === undefined ? {} : { taskTimeoutMs: parseTimeout(taskTimeout) }),
    ...parsePartFiles(text),
  };
}

/** How part files are made; nothing when nothing is asked for. */
function parsePartFiles(text: (name: string) => string | undefined): Pick<JobOptions, "partFiles"> {
  const [replication, blockSize, permission] = ["Replication", "BlockSize", "Permission"].map((name) =>
    text(`output${name}`),
  );
  const partFiles = {
    ...(replication === undefined
      ? {}
      : { replication: parseWhole(replication, "--output-replication", { min: 1, max: 512 }) }),
    ...(blockSize === undefined ? {} : { blockBytes: parseBytes(blockSize, "--output-block-size") }),
    ...(permission === undefined ? {} : { permission: parsePermission(permission) }),
  };
  return Object.keys(partFiles).length === 0 ? {} : { partFiles };
}

function parsePermission(text: string): number {
  if (/^0?[1-7][0-7]{2}$/u.test(text)) return Number.parseInt(text, 8);
  throw new MillraceError(
    "E_USAGE",
    `Cannot read --output-permission ${quote(text)}: it is no permission in octal; write it as 640`,
  );
}

function parseSize(text: string): number {
  const bytes = parseBytes(text, "--split-bytes");
  if (bytes < 1)
    throw new MillraceError(
      "E_USAGE",
      `Cannot read --split-bytes ${quote(text)}: less than one byte; write it as 1048576 or 64MiB`,
    );
  return bytes;
}

function parseShare(text: string): number {
  const share = /^(?:0|1|0?\.\d+|1\.0+|0\.\d+)$/.test(text) ? Number(text) : Number.NaN;
  if (!(share >= 0 && share <= 1))
    throw new MillraceError(
      "E_USAGE",
      `Cannot read --bad-records-max ${quote(text)}: not a share from 0 to 1; 0.01 is one in a hundred`,
    );
  return share;
}

function parseTimeout(text: string): number {
  const ms = parseDuration(text, "--task-timeout");
  if (ms < 100)
    throw new MillraceError(
      "E_USAGE",
      `Cannot read --task-timeout ${quote(text)}: less than 100ms; give attempts time to begin`,
    );
  return ms;
}

function parseInputs(given: readonly string[]): readonly NamedPath[] {
  return given.map((text) => {
    const named = splitName(text);
    if (named !== undefined) return named;
    throw new MillraceError("E_USAGE", `Cannot read --input ${quote(text)}: not NAME=PATH; write --input NAME=PATH`);
  });
}

/** Read `NAME=PATH`, or a path alone, which is named as its file is. */
function parseFiles(given: readonly string[]): readonly NamedPath[] {
  const files = new Map<string, NamedPath>();
  for (const text of given) {
    const file = text.includes("=") ? splitName(text) : { name: basename(text), path: text };
    if (file === undefined || !/^[A-Za-z0-9._-]{1,64}$/.test(file.name))
      throw new MillraceError(
        "E_USAGE",
        `Cannot read --file ${quote(text)}: not NAME=PATH with a name of 1 to 64 letters, digits, dots, dashes and underscores; write --file NAME=PATH`,
      );
    if (files.has(file.name))
      throw new MillraceError(
        "E_USAGE",
        `Cannot use the file ${quote(file.name)}: it is given twice; give each name once`,
      );
    files.set(file.name, file);
  }
  return [...files.values()];
}

/** Split at the first `=`. @returns undefined when there is no name or no path. */
function splitName(text: string): NamedPath | undefined {
  const at = text.indexOf("=");
  return at < 1 || at === text.length - 1 ? undefined : { name: text.slice(0, at), path: text.slice(at + 1) };
}

/** Split `name=value` at the first `=`; a later one of a name wins nothing: twice is refused. */
function parseParams(given: readonly string[]): Readonly<Record<string, string>> {
  const params = new Map<string, string>();
  for (const text of given) {
    const at = text.indexOf("=");
    const name = text.slice(0, Math.max(0, at));
    if (at < 1)
      throw new MillraceError(
        "E_USAGE",
        `Cannot read the parameter ${quote(text)}: not name=value; write -p name=value`,
      );
    if (params.has(name))
      throw new MillraceError("E_USAGE", `Cannot use the parameter ${quote(name)}: it is given twice; give it once`);
    params.set(name, text.slice(at + 1));
  }
  return Object.fromEntries(params);
}
