// Text on HDFS and what a job makes of it on this machine, word count unless told otherwise: every run on HDFS must give
// the same parts.

import { join } from "node:path";
import { createDefaultStorages } from "@millrace/storage";
import { expect, vi } from "vitest";
import { digestParts, scratchDirectory } from "../harness.ts";
import { digestRemoteParts, succeed } from "./remote-files.ts";

/** Input of a test file, in a directory of HDFS of its own. */
export interface WordCountStory {
  /** Name or file of the job. */
  readonly job: string;
  /** Flags that give many maps and several reducers. */
  readonly shape: readonly string[];
  readonly input: string;
  /** Directory in which only input and outputs lie. */
  readonly base: string;
  /** Digests of the parts that a local run gave. */
  readonly expected: Readonly<Record<string, string>>;
  nextOutput(): string;
  /**
   * Say how an output differs, and what lies beside the outputs; both empty when all is well.
   * @param expectedLeft - URIs of what has to lie there; a later call passes over them
   */
  differences(
    output: string,
    expectedLeft?: readonly string[],
  ): Promise<{ readonly parts: readonly string[]; readonly left: readonly string[] }>;
}

/** What to tell. */
interface StoryOptions {
  /** Size of the text, as flags of `gen` have it. */
  readonly bytes?: string;
  readonly files?: string;
  readonly job?: string;
  readonly shape?: readonly string[];
}

const manyTasks = ["--reduces", "3", "--split-bytes", "512KiB"] as const;
/** A staging directory is removed right after the end of its job. */
const sweptWithinMs = 10_000;

/** Generate text, run the job on it here, and put the text on HDFS. @param base URI such as `hdfs:///word-count`. */
export async function beginWordCount(
  base: string,
  { bytes = "3MiB", files = "2", job = "word-count", shape = manyTasks }: StoryOptions = {},
): Promise<WordCountStory> {
  const scratch = scratchDirectory();
  try {
    const text = join(scratch.path, "text");
    const counts = join(scratch.path, "counts");
    await succeed(["gen", "text", text, "--bytes", bytes, "--files", files]);
    await succeed(["run", job, text, counts, ...shape]);
    await succeed(["fs", "mkdir", base]);
    await succeed(["fs", "put", text, `${base}/text`]);
    return storyOf({ job, shape, base, input: `${base}/text`, expected: digestParts(counts) });
  } finally {
    scratch.remove();
  }
}

function storyOf(told: Omit<WordCountStory, "nextOutput" | "differences">): WordCountStory {
  const { base, expected } = told;
  const outputs: string[] = [];
  const expectedBefore: string[] = [];
  const left = async (): Promise<readonly string[]> => {
    const known = new Set([`${base}/text`, ...outputs.map((name) => `${base}/${name}`), ...expectedBefore]);
    const found = await createDefaultStorages(process.env).list(base);
    return found.map(({ uri }) => uri).filter((uri) => !known.has(uri));
  };
  return {
    ...told,
    nextOutput: () => {
      outputs.push(`out-${outputs.length + 1}`);
      return `${base}/${outputs.at(-1)}`;
    },
    differences: async (output, expectedLeft = []) => {
      const found = await digestRemoteParts(output);
      const names = new Set([...Object.keys(found), ...Object.keys(expected)]);
      const parts = [...names].filter((name) => found[name] !== expected[name]);
      const foundLeft = await whenLeft(left, expectedLeft);
      expectedBefore.push(...expectedLeft);
      return { parts, left: foundLeft };
    },
  };
}

/** Look until there is what is expected, or the time is over. @returns what there was last. */
async function whenLeft(
  look: () => Promise<readonly string[]>,
  expected: readonly string[],
): Promise<readonly string[]> {
  let last: readonly string[] = [];
  const isAsExpected = async (): Promise<void> => {
    last = await look();
    expect(last).toEqual(expected);
  };
  await vi.waitFor(isAsExpected, { timeout: sweptWithinMs, interval: 100 }).catch(() => undefined);
  return last;
}
