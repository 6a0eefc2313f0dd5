// Which path on the command line is which input of a job, and which its output. A job with one input takes
// `JOB INPUT... OUTPUT`, one with several `--input NAME=PATH` for each and `OUTPUT`, one that reads no files `OUTPUT`.

import { MillraceError, didYouMean, quote } from "@millrace/core";
import type { Submission } from "./parse-submission.ts";

/** An input as the job declares it. */
export interface DeclaredInput {
  /** "" for the only input of a job. */
  readonly name: string;
  /** Whether it reads files: numbers need none. */
  readonly readsFiles: boolean;
}

/** Paths by what they are. */
export interface AssignedPaths {
  /** For each declared input what to read, in the order given; none for one that reads no files. */
  readonly inputs: readonly (readonly string[])[];
  readonly output: string;
}

/** Assign paths to inputs. @throws {MillraceError} E_USAGE with the words to write instead. */
export function assignPaths(
  declared: readonly DeclaredInput[],
  { job, paths, inputs }: Pick<Submission, "job" | "paths" | "inputs">,
): AssignedPaths {
  const output = paths.at(-1) ?? "";
  const readers = declared.filter(({ readsFiles }) => readsFiles);
  const refuse = (reason: string): never => {
    throw new MillraceError("E_USAGE", `Cannot run ${quote(job)}: ${reason}; write ${usageOf(job, readers)}`);
  };
  if (inputs.length > 0 || readers.length !== 1) {
    checkNames(readers, { job, inputs, refuse });
    if (paths.length !== 1) {
      const needs = readers.length === 0 ? "it reads no files" : "its inputs are given by name";
      refuse(`${needs}, but ${paths.length} paths are given, ${paths.map((path) => quote(path)).join(" ")}`);
    }
    const of = (name: string): readonly string[] =>
      inputs.filter((input) => input.name === name).map(({ path }) => path);
    return { inputs: declared.map(({ name, readsFiles }) => (readsFiles ? of(name) : [])), output };
  }
  if (paths.length < 2) refuse(`one path is given, ${quote(output)}, but it needs INPUT... and OUTPUT`);
  const given = paths.slice(0, -1);
  return { inputs: declared.map(({ readsFiles }) => (readsFiles ? given : [])), output };
}

function checkNames(
  readers: readonly DeclaredInput[],
  {
    job,
    inputs,
    refuse,
  }: { readonly job: string; readonly inputs: Submission["inputs"]; readonly refuse: (reason: string) => never },
): void {
  const names = readers.map(({ name }) => name);
  for (const { name, path } of inputs) {
    if (names.length === 0) refuse(`it reads no files, but --input ${quote(`${name}=${path}`)} is given`);
    if (names.length === 1 && names[0] === "")
      refuse(`its only input has no name, but --input ${quote(`${name}=${path}`)} is given`);
    if (names.includes(name)) continue;
    throw new MillraceError(
      "E_USAGE",
      `Cannot run ${quote(job)}: it has no input ${quote(name)}${didYouMean(name, names)}; its inputs are ${names.join(", ")}`,
    );
  }
  const missing = names.filter((name) => !inputs.some((input) => input.name === name));
  if (missing.length > 0)
    refuse(
      `its input${missing.length === 1 ? "" : "s"} ${missing.map((name) => quote(name)).join(", ")} must be given`,
    );
}

/** Print how a job is called: what stands behind `millrace run`. */
export function usageOf(job: string, readers: readonly Pick<DeclaredInput, "name">[]): string {
  const [first] = readers;
  if (first === undefined) return `${job} OUTPUT`;
  if (readers.length === 1 && first.name === "") return `${job} INPUT... OUTPUT`;
  return `${job} ${readers.map(({ name }) => `--input ${name}=PATH`).join(" ")} OUTPUT`;
}
