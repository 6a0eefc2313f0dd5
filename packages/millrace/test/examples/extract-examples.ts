// Finds the examples that people read: each block of `ts` in a doc comment or a page.

import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";

/** One block. */
export interface Example {
  /** Where it begins: `docs/jobs.md:17`. */
  readonly place: string;
  readonly code: string;
}

/** Find the examples of files and of all files below folders, in the order of their paths. @param paths relative to `root`. */
export async function findExamples(root: string, paths: readonly string[]): Promise<readonly Example[]> {
  const examples: Example[] = [];
  for (const path of paths) {
    if (/\.(?:md|ts)$/u.test(path)) examples.push(...extractExamples(path, await readFile(join(root, path), "utf8")));
    else {
      const files = await readdir(join(root, path), { recursive: true });
      const texts = files.filter((name) => /\.(?:md|ts)$/u.test(name)).toSorted();
      examples.push(
        ...(await findExamples(
          root,
          texts.map((name) => `${path}/${name}`),
        )),
      );
    }
  }
  return examples;
}

/** Find the examples of one file. */
export function extractExamples(path: string, text: string): readonly Example[] {
  const examples: Example[] = [];
  let begin: number | undefined;
  const lines = text.split("\n").map((line) => (path.endsWith(".ts") ? withoutStar(line) : line));
  for (const [index, line] of lines.entries()) {
    if (line === undefined) begin = undefined;
    else if (line === "```ts") begin = index + 1;
    else if (line === "```" && begin !== undefined) {
      examples.push({ place: `${path}:${begin + 1}`, code: `${lines.slice(begin, index).join("\n")}\n` });
      begin = undefined;
    }
  }
  return examples;
}

/** A line of a doc comment without its star; undefined for any other. */
function withoutStar(line: string): string | undefined {
  return /^\s*\* ?(.*)$/u.exec(line)?.[1];
}
