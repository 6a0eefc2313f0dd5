// Whether a submission fits together, before anything is listed or stored. Reports every problem at once; the words are
// those of the command line, since that is where a user reads them.

import { quote } from "../errors/millrace-error.ts";
import { limits } from "../limits.ts";
import type { InputSpec, JobOptions, JobSpec, SideFile } from "../model/job-spec.ts";
import { inRange } from "./spec-problem.ts";
import type { ReportProblem, SpecProblem } from "./spec-problem.ts";
import { globBase, isGlob, isWithin, uriFault, urisOverlap } from "./uri-shape.ts";
import { validateStages } from "./validate-stages.ts";

/** Look for everything that is wrong with a spec. @returns problems in the spec's order; none when it may be planned. */
export function validateSpec(spec: JobSpec): readonly SpecProblem[] {
  const problems: SpecProblem[] = [];
  const report: ReportProblem = (reason, action, code = "E_JOB_INVALID") => {
    problems.push({ code, message: `Cannot submit ${quote(spec.name)}: ${reason}; ${action}` });
  };
  validateName(spec.name, report);
  validateBundle(spec, report);
  validateInputs(spec.inputs, report);
  validateStages(spec, report);
  validateOutput(spec, report);
  validateParams(spec.params, report);
  validateFiles(spec.files ?? [], report);
  validateOptions(spec.options, report);
  const characters = JSON.stringify(spec).length;
  if (characters > limits.specBytesMax)
    report(
      `its description has ${characters} characters, more than ${limits.specBytesMax}`,
      "name fewer inputs, or a directory",
      "E_TOO_LARGE",
    );
  return problems;
}

function validateName(name: string, report: ReportProblem): void {
  const count = Array.from(name).length;
  if (count < 1 || count > limits.jobNameCharactersMax)
    report(`its name has ${count} characters`, `give it 1 to ${limits.jobNameCharactersMax}`);
  if (/[\p{C}\p{Zl}\p{Zp}<>]/u.test(name))
    report("its name holds control characters, line breaks or markup", "use printable characters without < and >");
  else if (count > 0 && name.trim() === "") report("its name is blank", "name it");
}

function validateBundle(spec: JobSpec, report: ReportProblem): void {
  const { sha256, bytes } = spec.bundle;
  if (!/^[0-9a-f]{64}$/.test(sha256))
    report(`its bundle's SHA-256 is ${quote(sha256)}`, "submit it with the millrace command");
  if (!inRange(bytes, 1, limits.bundleBytesMax))
    report(`its bundle has ${bytes} bytes`, `keep it within 1 to ${limits.bundleBytesMax}`, "E_TOO_LARGE");
  if (!inRange(spec.dataVersion, 1, 65_535))
    report(`its data version is ${spec.dataVersion}`, "bundle it with this release");
  if (!inRange(spec.nodeMajor, 1, 999)) report(`its Node major is ${spec.nodeMajor}`, "bundle it with this release");
}

function validateInputs(inputs: readonly InputSpec[], report: ReportProblem): void {
  const names = new Set<string>();
  for (const [index, input] of inputs.entries()) {
    const { name = "" } = input;
    if (!/^(?:[A-Za-z_][A-Za-z0-9_-]*)?$/.test(name) || name.length > limits.inputNameCharactersMax)
      report(`input ${index} has the name ${quote(name)}`, "use 1 to 64 letters, digits, dashes and underscores");
    if (name !== "" && names.has(name)) report(`two inputs have the name ${quote(name)}`, "give each its own");
    names.add(name);
    validateInput(input, name === "" ? `input ${index}` : `input ${quote(name)}`, report);
  }
}

function validateInput(input: InputSpec, label: string, report: ReportProblem): void {
  const { name, splitting, numbers } = input.format;
  if (splitting === "numbers") validateNumbers(input, label, report);
  else {
    if (numbers !== undefined) report(`${label} reads files and numbers`, "let it read one of both");
    if (input.patterns.length === 0) report(`${label} names no files`, "name a file, a directory or a pattern");
  }
  for (const pattern of input.patterns) {
    const fault = uriFault(pattern);
    if (fault !== undefined) report(`input ${quote(pattern)} cannot be read: ${fault}`, "mend the input's name");
  }
  if (name === "" || name.length > 128)
    report(`${label} has a format name of ${name.length} characters`, "give it 1 to 128");
  if (!["none", "delimiter", "plain", "sync-mark", "numbers"].includes(splitting))
    report(`${label} has the splitting ${quote(splitting)}`, "use none, delimiter, plain, sync-mark or numbers");
}

function validateNumbers({ patterns, format }: InputSpec, label: string, report: ReportProblem): void {
  if (format.numbers === undefined || !inRange(format.numbers, 0, Number.MAX_SAFE_INTEGER))
    report(`${label} reads ${format.numbers ?? "no"} numbers`, "give a whole number from 0 to 2^53-1");
  if (patterns.length > 0) report(`${label} reads numbers and names ${quote(patterns[0] ?? "")}`, "name no files");
}

function validateOutput(spec: JobSpec, report: ReportProblem): void {
  const { uri } = spec.output;
  const fault = uriFault(uri) ?? (isGlob(uri) ? "it holds a wildcard" : undefined) ?? rootFault(uri);
  if (fault !== undefined) {
    report(`output ${quote(uri)} cannot be written: ${fault}`, "name a directory that does not exist yet");
    return;
  }
  for (const pattern of spec.inputs.flatMap(({ patterns }) => patterns)) {
    const overlaps = isGlob(pattern) ? isWithin(globBase(pattern), uri) : urisOverlap(pattern, uri);
    if (overlaps)
      report(
        `output ${quote(uri)} overlaps input ${quote(pattern)}`,
        "choose an output outside every input",
        "E_OUTPUT_OVERLAPS",
      );
  }
}

function rootFault(uri: string): string | undefined {
  const path = uri.slice(uri.indexOf("://") + 3);
  return /^[^/]*\/?$/.test(path) ? "it is the root" : undefined;
}

function validateParams(params: Readonly<Record<string, string>>, report: ReportProblem): void {
  const names = Object.keys(params);
  if (names.length > 1_000) report(`it has ${names.length} parameters`, "pass at most 1,000");
  for (const name of names) {
    if (!/^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/.test(name))
      report(`parameter ${quote(name)} has no proper name`, "use letters, digits, dot, dash and underscore");
  }
}

function validateFiles(files: readonly SideFile[], report: ReportProblem): void {
  const { sideFilesMax, sideFileBytesMax, sideFilesBytesMax } = limits;
  if (files.length > sideFilesMax) report(`it has ${files.length} side files`, `ship at most ${sideFilesMax}`);
  const names = new Set<string>();
  for (const { name, sha256, bytes } of files) {
    if (!/^[A-Za-z0-9._-]{1,64}$/.test(name))
      report(
        `side file ${quote(name)} has no proper name`,
        "use 1 to 64 letters, digits, dots, dashes and underscores",
      );
    if (names.has(name)) report(`side file ${quote(name)} is there twice`, "name each once");
    names.add(name);
    if (!/^[0-9a-f]{64}$/.test(sha256))
      report(`side file ${quote(name)} has the SHA-256 ${quote(sha256)}`, "submit it with the millrace command");
    if (!inRange(bytes, 0, sideFileBytesMax))
      report(
        `side file ${quote(name)} has ${bytes} bytes`,
        `keep it within ${sideFileBytesMax}, or make it an input`,
        "E_TOO_LARGE",
      );
  }
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  if (total > sideFilesBytesMax)
    report(`its side files have ${total} bytes in all`, `keep them within ${sideFilesBytesMax}`, "E_TOO_LARGE");
}

function validateOptions(options: JobOptions, report: ReportProblem): void {
  const integer = (name: string, value: number, min: number, max: number): void => {
    if (!inRange(value, min, max)) report(`${name} is ${value}`, `give a whole number from ${min} to ${max}`);
  };
  integer("priority", options.priority, -100, 100);
  if (options.splitBytes !== "auto") integer("split-bytes", options.splitBytes, 1, Number.MAX_SAFE_INTEGER);
  /** 30 days: longer is as good as no timeout, and every wait has an end. */
  integer("task-timeout", options.taskTimeoutMs, 1, 30 * 86_400_000);
  integer("attempts-max", options.attemptsMax, 1, 16);
  if (!(options.badRecordsMax >= 0 && options.badRecordsMax <= 1))
    report(`bad-records-max is ${options.badRecordsMax}`, "give a share from 0 to 1");
  if (!["refuse", "prefix"].includes(options.inputGrowth))
    report(`input-growth is ${quote(options.inputGrowth)}`, "use refuse or prefix");
  const { replication = 1, blockBytes = 512, permission = 0o644 } = options.partFiles ?? {};
  integer("output-replication", replication, 1, 512);
  integer("output-block-size", blockBytes, 512, 2 ** 40);
  if (blockBytes % 512 !== 0) report(`output-block-size is ${blockBytes}`, "give a multiple of 512");
  integer("output-permission", permission, 1, 0o777);
}
