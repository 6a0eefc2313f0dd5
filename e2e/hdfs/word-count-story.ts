// Text on HDFS and what word count makes of it on this machine: every run on HDFS must give the same parts.

import { join } from "node:path";
import { digestParts, scratchDirectory } from "../harness.ts";
import { digestRemoteParts, namesIn, succeed } from "./remote-files.ts";

/** Input of a test file, in a directory of HDFS of its own. */
export interface WordCountStory {
  /** Flags that give many maps and several reducers. */
  readonly shape: readonly string[];
  readonly input: string;
  /** Directory in which only input and outputs lie. */
  readonly base: string;
  /** Digests of the parts that a local run gave. */
  readonly expected: Readonly<Record<string, string>>;
  nextOutput(): string;
  /** Say how an output differs, and what lies beside the outputs that should not; both empty when all is well. */
  differences(output: string): Promise<{ readonly parts: readonly string[]; readonly left: readonly string[] }>;
}

const shape = ["--reduces", "3", "--split-bytes", "512KiB"] as const;

/** Size of the text, as flags of `gen` have it. */
interface TextSize {
  readonly bytes: string;
  readonly files: string;
}

/** Generate text, count its words here, and put it on HDFS. @param base URI such as `hdfs:///word-count`. */
export async function beginWordCount(
  base: string,
  { bytes, files }: TextSize = { bytes: "3MiB", files: "2" },
): Promise<WordCountStory> {
  const scratch = scratchDirectory();
  try {
    const text = join(scratch.path, "text");
    const counts = join(scratch.path, "counts");
    await succeed(["gen", "text", text, "--bytes", bytes, "--files", files]);
    await succeed(["run", "word-count", text, counts, ...shape]);
    await succeed(["fs", "mkdir", base]);
    await succeed(["fs", "put", text, `${base}/text`]);
    return storyOf(base, digestParts(counts));
  } finally {
    scratch.remove();
  }
}

function storyOf(base: string, expected: Readonly<Record<string, string>>): WordCountStory {
  const outputs: string[] = [];
  return {
    shape,
    base,
    input: `${base}/text`,
    expected,
    nextOutput: () => {
      outputs.push(`out-${outputs.length + 1}`);
      return `${base}/${outputs.at(-1)}`;
    },
    differences: async (output) => {
      const found = await digestRemoteParts(output);
      const names = new Set([...Object.keys(found), ...Object.keys(expected)]);
      const known = new Set(["text", ...outputs]);
      return {
        parts: [...names].filter((name) => found[name] !== expected[name]),
        left: (await namesIn(base)).filter((name) => !known.has(name)),
      };
    },
  };
}
