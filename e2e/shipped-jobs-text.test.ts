// Shipped jobs over text, in one process and on a cluster of processes: the same parts to the byte, and what tools that
// know nothing of Millrace (sort, uniq, awk, grep, join) make of the same files.

import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestCluster } from "./cluster.ts";
import { startTestCluster } from "./cluster.ts";
import { digestParts, millrace, readParts, scratchDirectory } from "./harness.ts";

const directory = scratchDirectory();
let cluster: TestCluster;
/** 8 maps of two files, three reducers. */
const shape = ["--split-bytes", "256KiB", "--reduces", "3"];

/** Numbers that are the same in every run. */
function manyNumbers(count: number, below: number, seed: number): readonly number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  });
}

beforeAll(async () => {
  const write = (name: string, lines: readonly string[]): void =>
    writeFileSync(join(directory.path, name), `${lines.join("\n")}\n`);
  cluster = await startTestCluster({ workers: 2, slots: 1 });
  await millrace(["gen", "text", "text", "--bytes", "2MiB", "--files", "2", "--seed", "3"], { cwd: directory.path });
  const firsts = manyNumbers(30_000, 500, 1);
  const seconds = manyNumbers(30_000, 100_000, 2);
  write(
    "pairs",
    firsts.map((first, index) => `${first - 250} ${(seconds[index] ?? 0) - 50_000}`),
  );
  write(
    "left",
    firsts.map((first, index) => `k${first}\tl${index}`),
  );
  // Other keys than on the left, and for one in ten lines one that they share.
  write(
    "right",
    seconds.slice(0, 2000).map((second, index) => `r${index}\tk${index % 10 === 0 ? 7 : second % 1000}\tx`),
  );
  write(
    "scores",
    seconds.map((second, index) => `player-${index % 777},${second}`),
  );
});
afterAll(async () => {
  await cluster.stop();
  directory.remove();
});

/** Run a pipeline of POSIX tools in the order of bytes. */
function tools(script: string): string {
  return execFileSync("sh", ["-c", script], {
    cwd: directory.path,
    env: { PATH: process.env["PATH"] ?? "", LC_ALL: "C" },
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
}

interface Case {
  readonly job: string;
  readonly inputs: readonly string[];
  readonly params?: readonly string[];
  /** What the tools say. */
  readonly oracle: string;
  /** The order of lines is known within part files alone: both are sorted. */
  readonly sorted?: boolean;
}

const tab = "$(printf '\\t')";
const joined = `sort -t "${tab}" -k1,1 left > left.sorted; sort -t "${tab}" -k2,2 right > right.sorted;
  join -t "${tab}" -1 1 -2 2`;

const cases: readonly Case[] = [
  {
    job: "word-count",
    inputs: ["text"],
    oracle: "cat text/* | tr -s ' ' '\\n' | grep . | sort | uniq -c | awk '{ print $2 \"\\t\" $1 }'",
    sorted: true,
  },
  {
    job: "grep",
    inputs: ["text"],
    params: ["pattern=[a-z]*a[a-z]"],
    oracle:
      "cat text/* | grep -oE '[a-z]*a[a-z]' | sort | uniq -c | sort -k1,1nr -k2,2 | awk '{ print $1 \"\\t\" $2 }'",
  },
  {
    job: "inverted-index",
    inputs: ["text"],
    oracle: `for name in text-00000 text-00001; do
        tr 'A-Z' 'a-z' < text/$name.txt | tr -cs 'a-z0-9' '\\n' | grep . | sort | uniq -c |
          awk -v file="file://$PWD/text/$name.txt" '{ print $2 "\\t" file ":" $1 }'
      done | sort | awk -F '\\t' '
        $1 == word { row = row "\\t" $2; next }
        { if (NR > 1) print row; word = $1; row = $0 }
        END { print row }'`,
    sorted: true,
  },
  { job: "sort", inputs: ["text"], oracle: "cat text/* | sort" },
  { job: "sort", inputs: ["text"], params: ["unique=true"], oracle: "cat text/* | sort -u" },
  { job: "sort", inputs: ["pairs"], params: ["numeric=true"], oracle: "sort -n pairs" },
  { job: "distinct", inputs: ["pairs"], oracle: "sort -u pairs", sorted: true },
  {
    job: "distinct",
    inputs: ["pairs"],
    params: ["counts=true"],
    oracle: 'sort pairs | uniq -c | awk \'{ print $1 "\\t" $2 " " $3 }\'',
    sorted: true,
  },
  {
    job: "secondary-sort",
    inputs: ["pairs"],
    oracle: "sort -k1,1n -k2,2n pairs | tr ' ' '\\t'",
    sorted: true,
  },
  {
    job: "top",
    inputs: ["left"],
    params: ["column=1", "count=25"],
    oracle: "cut -f1 left | sort | uniq -c | sort -k1,1nr -k2,2 | head -25 | awk '{ print $1 \"\\t\" $2 }'",
  },
  {
    job: "top",
    inputs: ["scores"],
    params: ["column=1", "by=2", "separator=,"],
    oracle: `awk -F, '{ sum[$1] += $2 } END { for (name in sum) printf "%d\\t%s\\n", sum[name], name }' scores |
      sort -t "${tab}" -k1,1nr -k2,2 | head -10`,
  },
  {
    job: "join",
    inputs: ["left", "right"],
    params: ["rightColumn=2"],
    oracle: `${joined} left.sorted right.sorted`,
    sorted: true,
  },
  {
    job: "join",
    inputs: ["left", "right"],
    params: ["rightColumn=2", "kind=outer"],
    oracle: `${joined} -a 1 -a 2 left.sorted right.sorted`,
    sorted: true,
  },
  {
    job: "join",
    inputs: ["left", "right"],
    params: ["rightColumn=2", "kind=anti"],
    oracle: `${joined} -v 1 left.sorted right.sorted`,
    sorted: true,
  },
];

function lines(text: string): readonly string[] {
  return text.split("\n").toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

describe("a shipped job", () => {
  it.each(cases.map((each, index) => [each.job, each.params?.join(" ") ?? "", each, index] as const))(
    "%s %s gives what the tools give, and the same bytes on a cluster",
    async (job, _params, { inputs, params = [], oracle, sorted = false }, index) => {
      const named = job === "join" ? inputs.flatMap((name) => ["--input", `${name}=${name}`]) : [];
      const paths = job === "join" ? [] : inputs;
      const flags = [...named, ...params.flatMap((param) => ["-p", param]), ...shape];
      const run = async (command: string, output: string): Promise<void> => {
        const args = [command, job, ...paths, output, ...flags];
        const result = await millrace(args, { cwd: directory.path, env: command === "run" ? {} : cluster.env });
        expect(result.exit, result.stderr).toBe(0);
      };
      await run("run", `embedded-${index}`);
      await run("submit", `cluster-${index}`);
      const parts = digestParts(join(directory.path, `embedded-${index}`));
      expect(digestParts(join(directory.path, `cluster-${index}`))).toEqual(parts);
      const actual = readParts(join(directory.path, `embedded-${index}`));
      const expected = tools(oracle);
      expect(expected.length).toBeGreaterThan(100);
      // Compared as a truth: a difference of megabytes would be printed for minutes.
      expect(sorted ? lines(actual).join("\n") === lines(expected).join("\n") : actual === expected).toBe(true);
    },
  );
});
