// Jobs of several stages on real processes: chains whose reducers write shuffles, named outputs, order keys, key ranges.
// What comes out is what a few lines compute of the same text, and the same to the byte however the job was run.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestCluster } from "./cluster.ts";
import { startTestCluster } from "./cluster.ts";
import { digestParts, millrace, readParts, scratchDirectory } from "./harness.ts";
import { RestartableCluster } from "./restartable-cluster.ts";
import { attemptIn, daemonOf, whenTasks } from "./watch-tasks.ts";
import type { AttemptRow, TaskRow } from "./watch-tasks.ts";

const directory = scratchDirectory();
const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}.ts`, import.meta.url));
/** 8 maps and three reducers in each stage that does not say it. */
const shape = ["--reduces", "3", "--split-bytes", "256KiB"];
const jobs = [fixture("staged"), fixture("sorted-lines")] as const;
const [staged, sortedLines] = jobs;
const expected: Record<string, Readonly<Record<string, string>>> = {};
let outputs = 0;
let lines: readonly string[] = [];

const nextOutput = (): string => {
  outputs += 1;
  return `out-${outputs}`;
};
const pathOf = (output: string): string => join(directory.path, output);
const expectedOf = (job: string): string => (job === staged ? "expected-staged" : "expected-sorted");

beforeAll(async () => {
  await millrace(["gen", "text", "text", "--bytes", "2MiB", "--files", "2"], { cwd: directory.path });
  lines = readdirSync(pathOf("text"))
    .sort()
    .flatMap((name) =>
      readFileSync(join(pathOf("text"), name), "utf8")
        .trimEnd()
        .split("\n"),
    );
  for (const job of jobs) {
    const run = await millrace(["run", job, "text", expectedOf(job), "--slots", "1", ...shape], {
      cwd: directory.path,
    });
    expect(run.exit, run.stderr).toBe(0);
    expected[job] = digestParts(pathOf(expectedOf(job)));
  }
});
afterAll(() => directory.remove());

async function expectSame(job: string, output: string): Promise<void> {
  expect(digestParts(pathOf(output))).toEqual(expected[job]);
  expect((await millrace(["verify", output], { cwd: directory.path })).exit).toBe(0);
}

/** Rows of a part file, or of all of an output. */
function rows(text: string): readonly (readonly string[])[] {
  return text === ""
    ? []
    : text
        .trimEnd()
        .split("\n")
        .map((row) => row.split("\t"));
}

describe("a chain of three jobs", () => {
  /** Words by count and then by themselves, for each length. */
  const byLength = (): ReadonlyMap<number, readonly (readonly [string, number])[]> => {
    const counts = new Map<string, number>();
    for (const word of lines.flatMap((line) => line.split(" ")).filter((each) => each !== ""))
      counts.set(word, (counts.get(word) ?? 0) + 1);
    const groups = Map.groupBy(counts, ([word]) => word.length);
    for (const group of groups.values()) group.sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
    return groups;
  };

  it("gives what a few lines of JavaScript compute, in the output and in named ones", () => {
    const groups = byLength();
    const ranks = new Map<number, { count: number; word: string; length: number }>();
    for (const [length, group] of groups)
      for (const [index, [word]] of group.entries()) {
        const rank = ranks.get(index + 1) ?? { count: 0, word: "", length: -1 };
        const longer = length > rank.length ? { word, length } : rank;
        ranks.set(index + 1, { count: rank.count + 1, word: longer.word, length: longer.length });
      }
    const output = pathOf(expectedOf(staged));
    const parts = readdirSync(output).filter((name) => name.startsWith("part-"));
    const main = parts.flatMap((name) => rows(readFileSync(join(output, name), "utf8")));
    expect(new Set(main.map(String))).toEqual(
      new Set([...ranks].map(([rank, { count, word }]) => String([rank, count, word]))),
    );
    expect(new Set(rows(readParts(join(output, "tops"))).map(String))).toEqual(
      new Set([...groups].map(([length, group]) => String([length, group[0]?.[0]]))),
    );
    const round = [...groups.values()].flat().filter(([, count]) => count % 10 === 0);
    expect(new Set(rows(readParts(join(output, "round"))).map(String))).toEqual(new Set(round.map(String)));
  });
});

describe("lines in key ranges", () => {
  it("are sorted over part files of like size, long ones in a named output too", () => {
    const output = pathOf(expectedOf(sortedLines));
    const parts = readdirSync(output)
      .filter((name) => name.startsWith("part-"))
      .sort();
    const contents = parts.map((name) => readFileSync(join(output, name), "utf8"));
    const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
    expect(contents.join("").trimEnd().split("\n")).toEqual(lines.toSorted(compare));
    const bytes = contents.join("").length;
    for (const content of contents) expect(content.length / bytes).toBeGreaterThan(0.2);
    const long = readParts(join(output, "long"))
      .split("\n")
      .filter((line) => line !== "");
    expect(long.toSorted(compare)).toEqual(lines.filter((line) => line.length > 80).toSorted(compare));
  });
});

describe.each(jobs)("%s", (job) => {
  it("gives the same bytes with two slots", async () => {
    const output = nextOutput();
    const run = await millrace(["run", job, "text", output, "--slots", "2", ...shape], { cwd: directory.path });
    expect(run.exit, run.stderr).toBe(0);
    await expectSame(job, output);
  });

  it.each([1, 3])("gives the same bytes on a cluster of %i worker(s) of one slot", async (workers) => {
    const cluster = await startTestCluster({ workers, slots: 1 });
    try {
      const output = nextOutput();
      const run = await millrace(["submit", job, "text", output, ...shape], { cwd: directory.path, env: cluster.env });
      expect(run.exit, run.stderr).toBe(0);
      await expectSame(job, output);
    } finally {
      await cluster.stop();
    }
  });
});

type Moment = readonly [string, string, string, (tasks: readonly TaskRow[]) => AttemptRow | undefined];

/** What runs, how long each step takes, and when something is killed. */
const moments: readonly Moment[] = [
  ["the middle stage of a chain runs", staged, "400", (tasks) => attemptIn(tasks, 1, "running")],
  // Its segments are still wanted by the last stage.
  ["a reducer of the middle stage was accepted", staged, "400", (tasks) => attemptIn(tasks, 1, "accepted")],
  // Of samples and key ranges, `key-ranges.test.ts` has the moments.
  ["maps of key ranges write a named output", sortedLines, "300", (tasks) => attemptIn(tasks, 1, "running")],
];

async function submitDetached(
  cluster: Pick<TestCluster, "env">,
  job: string,
  spinMs: string,
): Promise<{ job: string; output: string }> {
  const output = nextOutput();
  const submitted = await millrace(["submit", job, "text", output, "--detach", "-p", `spinMs=${spinMs}`, ...shape], {
    cwd: directory.path,
    env: cluster.env,
  });
  expect(submitted.exit, submitted.stderr).toBe(0);
  return { job: submitted.stdout.trim(), output };
}

async function waitFor(cluster: Pick<TestCluster, "env">, job: string): Promise<void> {
  const waited = await millrace(["job", "wait", job, "--timeout", "90s"], { env: cluster.env, timeoutMs: 100_000 });
  expect(waited.exit, waited.stderr).toBe(0);
}

describe("a worker that is killed", () => {
  it.each(moments)("while %s leaves the same bytes", async (_, module, spinMs, pick) => {
    const cluster = await startTestCluster({ workers: 3, slots: 1 });
    try {
      const { job, output } = await submitDetached(cluster, module, spinMs);
      const victim = await whenTasks(cluster, job, pick);
      process.kill((await daemonOf(cluster, victim)).pid, "SIGKILL");
      await waitFor(cluster, job);
      await expectSame(module, output);
    } finally {
      await cluster.stop();
    }
  });
});

describe("a coordinator that is killed", () => {
  it.each(moments)("while %s goes on after a restart, with the same bytes", async (_, module, spinMs, pick) => {
    const cluster = new RestartableCluster();
    try {
      await cluster.startCoordinator();
      await cluster.startWorkers(2);
      const { job, output } = await submitDetached(cluster, module, spinMs);
      await whenTasks(cluster, job, pick);
      cluster.coordinator?.process.kill("SIGKILL");
      await cluster.coordinator?.ended;
      await cluster.startCoordinator();
      await waitFor(cluster, job);
      await expectSame(module, output);
    } finally {
      await cluster.stop();
    }
  });
});
