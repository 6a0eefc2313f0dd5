// What a submission brings along: side files, inputs by name, named outputs; and what is told without running anything.
// The examples are the jobs, in one process and on a cluster: the same bytes, those of their expected/.

import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TestCluster } from "./cluster.ts";
import { startTestCluster } from "./cluster.ts";
import { digestParts, millrace, scratchDirectory } from "./harness.ts";

const examples = fileURLToPath(new URL("../examples/", import.meta.url));
const scratch = scratchDirectory();
let cluster: TestCluster;

/** The command of each example, as its README has it. */
const commands = new Map(
  readFileSync(join(examples, "README.md"), "utf8")
    .split("\n## ")
    .slice(1)
    .map((section): [string, readonly string[]] => {
      const command = /^npx millrace run (.+)$/m.exec(section)?.[1] ?? "";
      return [section.slice(0, section.indexOf("\n")), command.split(" ")];
    }),
);

beforeAll(async () => {
  cpSync(examples, scratch.path, { recursive: true, filter: (path) => !path.includes("node_modules") });
  cluster = await startTestCluster({ workers: 2, slots: 2 });
});
afterAll(async () => {
  await cluster.stop();
  scratch.remove();
});

describe("an example", () => {
  it.each([...commands])("%s gives its expected files in one process and on a cluster", async (name, words) => {
    const cwd = join(scratch.path, name);
    const expected = digestParts(join(examples, name, "expected"));
    expect(Object.keys(expected).length).toBeGreaterThan(0);
    const alone = await millrace(["run", ...words], { cwd });
    expect(alone.exit, alone.stderr).toBe(0);
    expect(digestParts(join(cwd, "out"))).toEqual(expected);
    const onCluster = words.map((word) => (word === "out" ? "out-cluster" : word));
    const submitted = await millrace(["submit", ...onCluster, "-o", "json"], { cwd, env: cluster.env });
    expect(submitted.exit, submitted.stderr).toBe(0);
    expect(digestParts(join(cwd, "out-cluster"))).toEqual(expected);
    const view = JSON.parse(submitted.stdout) as { readonly outputs: readonly { readonly name: string }[] };
    const folders = new Set(Object.keys(expected).map((path) => (path.includes("/") ? path.split("/")[0] : "")));
    expect(new Set(view.outputs.map((output) => output.name))).toEqual(folders);
    expect((await millrace(["verify", "out-cluster"], { cwd })).exit).toBe(0);
  });
});

describe("side files", () => {
  it("of a job are kept beside its bundle, once for each content", async () => {
    const cwd = join(scratch.path, "word-count");
    const more = ["--file", "same.txt=stop-words.txt", "--file", "input/mill.txt"];
    const words = ["job.ts", "input", "out-kept", "--file", "stop-words.txt", ...more, "-o", "json"];
    const submitted = await millrace(["submit", ...words], { cwd, env: cluster.env });
    expect(submitted.exit, submitted.stderr).toBe(0);
    const { job } = JSON.parse(submitted.stdout) as { readonly job: string };
    expect(readdirSync(join(cluster.directory, "coordinator/jobs", job, "files"))).toHaveLength(2);
  });

  it("that a job asks for and that were not given fail it with the name and the flag", async () => {
    const cwd = join(scratch.path, "word-count");
    const ran = await millrace(["run", "job.ts", "input", "out-without"], { cwd });
    expect(ran.exit, ran.stderr).not.toBe(0);
    expect(ran.stderr).toContain("stop-words.txt");
    expect(ran.stderr).toContain("--file");
    expect(existsSync(join(cwd, "out-without"))).toBe(false);
  });

  it("that an aggregation looks up are asked for before anything is made, and found by it", async () => {
    const cwd = join(scratch.path, "top-urls");
    const source = `import { combinedLog, count, defineAggregation, jsonLines, lookup, sideTable, text } from "millrace";
const log = combinedLog();
const sizes = sideTable({ file: "areas.csv", columns: { path: text(), area: text() }, key: "path" });
const areas = { groupBy: { area: lookup(log.path, sizes, "area") }, reduce: { hits: count() }, output: jsonLines() };
export default defineAggregation({ name: "areas", input: log, aggregations: { areas } });
`;
    writeFileSync(join(cwd, "areas.ts"), source);
    writeFileSync(join(cwd, "table.csv"), "path,area\n/,home\n/about,home\n/cart,shop\n");
    const without = await millrace(["run", "areas.ts", "access.log", "out-areas"], { cwd });
    expect(without.stderr).toMatch(/reads the side file "areas.csv", which is not given; add --file areas.csv=PATH/);
    expect(without.exit).toBe(2);
    const words = ["areas.ts", "access.log", "out-areas", "--file", "areas.csv=table.csv"];
    const ran = await millrace(["submit", ...words], { cwd, env: cluster.env });
    expect(ran.exit, ran.stderr).toBe(0);
    const rows = readFileSync(join(cwd, "out-areas/areas/part-r-00000.jsonl"), "utf8").trimEnd().split("\n");
    const paths = readFileSync(join(cwd, "access.log"), "utf8").matchAll(/"GET (\S+) /g);
    const hits = { home: 0, shop: 0, none: 0 };
    for (const [, path = ""] of paths)
      hits[path === "/cart" ? "shop" : path === "/" || path === "/about" ? "home" : "none"] += 1;
    expect(rows.map((row): unknown => JSON.parse(row))).toEqual([
      { area: null, hits: hits.none },
      { area: "home", hits: hits.home },
      { area: "shop", hits: hits.shop },
    ]);
  });

  it.each<[string, readonly string[], number, RegExp]>([
    ["is not there", ["--file", "gone.txt"], 7, /no such file.*E_INPUT_MISSING/],
    ["is a directory", ["--file", "x=input"], 1, /no regular file.*E_INPUT_READ/],
    ["has no proper name", ["--file", "a b=job.ts"], 2, /NAME=PATH.*E_USAGE/],
    ["is given twice", ["--file", "job.ts", "--file", "job.ts=input/mill.txt"], 2, /given twice.*E_USAGE/],
  ])("one that %s is refused before anything is made", async (_what, flags, exit, text) => {
    const cwd = join(scratch.path, "word-count");
    const ran = await millrace(["run", "job.ts", "input", "out-refused", ...flags], { cwd });
    expect(ran.stderr).toMatch(text);
    expect(ran.exit).toBe(exit);
    expect(existsSync(join(cwd, "out-refused"))).toBe(false);
  });
});

describe("inputs by name", () => {
  it.each<[string, readonly string[], RegExp]>([
    [
      "none",
      ["users.csv", "access.log", "out-x"],
      /inputs "users", "hits" must be given; write job\.ts --input users=PATH/,
    ],
    ["one", ["--input", "users=users.csv", "out-x"], /its input "hits" must be given/],
    ["a misspelt one", ["--input", "user=users.csv", "out-x"], /no input "user" \(did you mean "users"\?\)/],
    [
      "a path too many",
      ["--input", "users=users.csv", "--input", "hits=access.log", "more", "out-x"],
      /given by name, but 2 paths are given/,
    ],
  ])("with %s are refused with the words to write", async (_what, words, text) => {
    const ran = await millrace(["run", "job.ts", ...words], { cwd: join(scratch.path, "user-bytes") });
    expect(ran.stderr).toMatch(text);
    expect(ran.exit).toBe(2);
  });

  it("take several paths for a name, and patterns", async () => {
    const cwd = join(scratch.path, "user-bytes");
    mkdirSync(join(cwd, "logs"));
    const lines = readFileSync(join(cwd, "access.log"), "utf8").trimEnd().split("\n");
    writeFileSync(join(cwd, "logs/b.log"), `${lines.slice(0, 30).join("\n")}\n`);
    writeFileSync(join(cwd, "rest.log"), `${lines.slice(30).join("\n")}\n`);
    const inputs = ["--input", "hits=logs/*.log", "--input", "users=users.csv", "--input", "hits=rest.log"];
    const ran = await millrace(["run", "job.ts", ...inputs, "out-several"], { cwd });
    expect(ran.exit, ran.stderr).toBe(0);
    expect(digestParts(join(cwd, "out-several"))).toEqual(digestParts(join(examples, "user-bytes/expected")));
  });
});

describe("--dry-run", () => {
  it.each(["run", "submit"])("of %s prints the plan, and makes and asks nothing", async (command) => {
    const cwd = join(scratch.path, "slow-endpoints");
    const before = readdirSync(scratch.path, { recursive: true }).length;
    const state = join(scratch.path, "no-state");
    const words = [command, "job.ts", "service.jsonl", "out-dry", "--dry-run", "--split-bytes", "2KiB", "-o", "json"];
    const env = { XDG_STATE_HOME: state, MILLRACE_ENDPOINT_FILE: join(scratch.path, "none.json") };
    const ran = await millrace(words, { cwd, env });
    expect(ran.exit, ran.stderr).toBe(0);
    expect(ran.stderr).toBe("");
    const plan = JSON.parse(ran.stdout) as {
      readonly tasks: number;
      readonly stages: readonly { readonly kind: string; readonly tasks: number }[];
    };
    expect(plan.stages.map(({ kind, tasks }) => [kind, tasks])).toEqual([
      ["map", 3],
      ["reduce", 1],
      ["reduce", 1],
    ]);
    expect(readdirSync(scratch.path, { recursive: true })).toHaveLength(before);
    expect(existsSync(state)).toBe(false);
  });

  it("refuses what would be refused: an input that is not there, a parameter that does not fit", async () => {
    const cwd = join(scratch.path, "word-count");
    const gone = await millrace(["run", "job.ts", "gone", "out-dry", "--dry-run", "--file", "stop-words.txt"], { cwd });
    expect(gone.stderr).toContain("E_INPUT_MISSING");
    expect(gone.exit).toBe(7);
    const words = ["run", "job.ts", "input", "out-dry", "--dry-run", "--file", "stop-words.txt", "-p", "letters=0"];
    const wrong = await millrace(words, { cwd });
    expect(wrong.stderr).toContain("E_PARAMETER");
  });
});

describe("job kill", () => {
  it("says that a job was killed already, and asks for it once", async () => {
    const cwd = join(scratch.path, "word-count");
    const neverEnds = fileURLToPath(new URL("fixtures/never-ends.ts", import.meta.url));
    const words = ["submit", neverEnds, "input", "out-killed", "--detach"];
    const submitted = await millrace(words, { cwd, env: cluster.env });
    const job = /job-[0-9a-z]{26}/u.exec(submitted.stdout + submitted.stderr)?.[0] ?? "";
    const first = await millrace(["job", "kill", job], { env: cluster.env });
    const second = await millrace(["job", "kill", job], { env: cluster.env });
    expect(first.stderr).toBe(`${job}: kill requested; its output will not appear\n`);
    expect(second.stderr).toBe(`${job}: was killed already; nothing was left to kill\n`);
    expect([first.exit, second.exit]).toEqual([0, 0]);
  });
});

describe("jobs", () => {
  it("lists the shipped jobs, and shows a job file in full", async () => {
    const listed = await millrace(["jobs", "-o", "json"]);
    expect(listed.exit, listed.stderr).toBe(0);
    const jobs = JSON.parse(listed.stdout) as readonly { readonly name: string; readonly example: string }[];
    expect(jobs.find(({ name }) => name === "pi")?.example).toBe("millrace run pi OUTPUT");
    expect((await millrace(["jobs"])).stdout).toMatch(/^JOB +WHAT IT DOES +PARAMETERS\n/);
    const shown = await millrace(["jobs", "./job.ts"], { cwd: join(scratch.path, "user-bytes") });
    expect(shown.stdout).toBe(
      [
        "./job.ts",
        "input     users: csv",
        "input     hits: combined-log",
        "output    json-lines, .jsonl",
        "output    unknown/: json-lines, .jsonl",
        "example   millrace run ./job.ts --input users=PATH --input hits=PATH OUTPUT",
        "",
      ].join("\n"),
    );
    const unknown = await millrace(["jobs", "word-cuont"]);
    expect(unknown.stderr).toContain('did you mean "word-count"');
    expect(unknown.exit).toBe(2);
  });
});
