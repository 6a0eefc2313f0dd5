// Checks the side files that a job says it reads, so that a missing one is refused when the job is submitted and not by
// its first task.

import { limits, quote } from "@millrace/core";
import { type Refuse } from "./definition-checks.ts";
import { kindOf } from "./kind-of.ts";

const fileName = /^[A-Za-z0-9._-]{1,64}$/u;

/** Take the names of side files; none where none are given. */
export function checkFiles(files: unknown, refuse: Refuse): readonly string[] {
  if (files === undefined) return [];
  if (!Array.isArray(files))
    return refuse(`"files" is ${kindOf(files)}; give a list of names such as ["countries.csv"], which --file gives`);
  for (const name of files as readonly unknown[]) checkFileName(name, refuse);
  const names = files as readonly string[];
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) refuse(`"files" has ${quote(twice)} twice; name it once`);
  if (names.length > limits.sideFilesMax)
    refuse(`"files" has ${names.length} names; give at most ${limits.sideFilesMax}, and make the rest inputs`);
  return names;
}

/** Refuse a name that `--file NAME=PATH` cannot give. */
export function checkFileName(name: unknown, refuse: Refuse): void {
  if (typeof name !== "string")
    refuse(`the name of a side file is ${kindOf(name)}; give a text such as "countries.csv"`);
  else if (!fileName.test(name))
    refuse(
      `the side file ${quote(name)} has no usable name; use 1 to 64 letters, digits, ".", "_" and "-", and give its path by --file`,
    );
}
