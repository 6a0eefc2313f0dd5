// Side files as they are shipped: read whole, named by their content.

import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { MillraceError, limits, nearestName, quote } from "@millrace/core";
import type { SideFile } from "@millrace/core";
import type { NamedPath } from "./parse-submission.ts";

/** Side files of a submission. */
export interface ReadSideFiles {
  /** Sorted by name, so that equal files give an equal spec. */
  readonly files: readonly SideFile[];
  /** Their bytes, in the same order. */
  readonly contents: readonly Uint8Array[];
}

/**
 * Read the files of a submission.
 * @param wanted names that the job declares; others may be shipped besides, as a job may ask for any.
 * @throws {MillraceError} E_USAGE for a declared one that is not given, E_INPUT_MISSING, E_INPUT_READ, E_TOO_LARGE.
 */
export function readSideFiles(job: string, wanted: readonly string[], given: readonly NamedPath[]): ReadSideFiles {
  const names = given.map(({ name }) => name);
  for (const name of wanted) {
    if (names.includes(name)) continue;
    const extra = names.filter((each) => !wanted.includes(each));
    throw new MillraceError(
      "E_USAGE",
      `Cannot run ${quote(job)}: it reads the side file ${quote(name)}, which is not given${mistaken(name, extra)}; add --file ${name}=PATH`,
    );
  }
  if (given.length > limits.sideFilesMax)
    throw new MillraceError(
      "E_USAGE",
      `Cannot ship ${given.length} side files: more than ${limits.sideFilesMax}; make them inputs, or pack them`,
    );
  const sorted = given.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const contents: Uint8Array[] = [];
  let total = 0;
  for (const file of sorted) {
    const bytes = readOne(file);
    total += bytes.length;
    if (total > limits.sideFilesBytesMax)
      throw new MillraceError(
        "E_TOO_LARGE",
        `Cannot ship the side file ${quote(file.name)}: with it they have ${total} bytes, more than ${limits.sideFilesBytesMax}; make the large ones inputs`,
      );
    contents.push(bytes);
  }
  const files = sorted.map(({ name }, index) => {
    const bytes = contents[index] ?? new Uint8Array();
    return { name, sha256: createHash("sha256").update(bytes).digest("hex"), bytes: bytes.length };
  });
  return { files, contents };
}

/** A name that was given and that nobody wants may be the wanted one. */
function mistaken(name: string, extra: readonly string[]): string {
  const nearest = nearestName(name, extra);
  return nearest === undefined ? "" : ` (${quote(nearest)} is)`;
}

function readOne({ name, path }: NamedPath): Uint8Array {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined)
    throw new MillraceError(
      "E_INPUT_MISSING",
      `Cannot read the side file ${quote(path)}: there is no such file; check the path of --file ${name}=…`,
    );
  if (!status.isFile())
    throw new MillraceError(
      "E_INPUT_READ",
      `Cannot read the side file ${quote(path)}: it is no regular file; name one`,
    );
  if (status.size > limits.sideFileBytesMax)
    throw new MillraceError(
      "E_TOO_LARGE",
      `Cannot ship the side file ${quote(path)}: it has ${status.size} bytes, more than ${limits.sideFileBytesMax}; make it an input`,
    );
  try {
    return readFileSync(path);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MillraceError("E_INPUT_READ", `Cannot read the side file ${quote(path)}: ${reason}; make it readable`, {
      cause,
    });
  }
}
