// The examples in the README of the shipped jobs, run as they stand there: they print what it says.

import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scratchDirectory } from "./harness.ts";

const directory = scratchDirectory();
const readme = readFileSync(new URL("../packages/jobs/README.md", import.meta.url), "utf8");
const bin = fileURLToPath(new URL("../packages/cli/bin/millrace.js", import.meta.url));
/** Those whose examples read nothing but what the README shows or makes. */
const jobs = [
  "cardinality",
  "distinct",
  "grep",
  "grep-lines",
  "inverted-index",
  "join",
  "latency",
  "log-errors",
  "log-status",
  "metric-rollup",
  "pi",
  "secondary-sort",
  "sessions",
  "sort",
  "terasort",
  "tera-validate",
  "top",
  "traffic",
  "word-count",
];

beforeAll(() => {
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(directory.path, name)), { recursive: true });
    writeFileSync(join(directory.path, name), text);
  };
  write("notes/hamlet.txt", "to be or not to be\nthat is the question\n");
  write("notes/jaques.txt", "all the world is a stage\n");
  for (const name of ["timed.log", "app.log"]) write(name, linesOf(name));
  write("users", "1\tann\n2\tbob\n3\tcy\n");
  write("hits", "/a\t2\n/b\t1\n/c\t9\n/d\t2\n");
});
afterAll(() => directory.remove());

/** The block under "With these lines as `NAME`:". */
function linesOf(name: string): string {
  const [, rest = ""] = readme.split(`With these lines as \`${name}\`:\n\n\`\`\`\n`);
  return rest.split("```", 1)[0] ?? "";
}

interface Example {
  readonly job: string;
  readonly commands: readonly string[];
  readonly prints: string;
}

/** Blocks of a section that begin with a command: lines with `$`, then what the last of them prints. */
function examplesOf(job: string): readonly Example[] {
  const section = readme.split(/^## /mu).find((each) => each.startsWith(`${job}\n`)) ?? "";
  return [...section.matchAll(/^```\n(\$ [^]*?)^```$/gmu)].map(([, block = ""]) => {
    const lines = block.split("\n");
    const commands = lines.filter((line) => line.startsWith("$ ")).map((line) => line.slice(2));
    return { job, commands, prints: lines.slice(commands.length).join("\n") };
  });
}

/** Run one as a reader would, with `npx millrace` being the command of this workspace. */
async function runCommand(command: string): Promise<string> {
  const { stdout } = await promisify(execFile)(
    "sh",
    ["-c", `set -e; ${command.replaceAll("npx millrace", '"$NODE" "$BIN"')}`],
    {
      cwd: directory.path,
      env: { PATH: process.env["PATH"] ?? "", LC_ALL: "C", NODE: process.execPath, BIN: bin },
    },
  );
  return stdout;
}

describe("the README of the shipped jobs", () => {
  const examples = jobs.flatMap((job) => examplesOf(job));

  it("has an example for each of these", () => {
    expect([...new Set(examples.map(({ job }) => job))]).toEqual(jobs);
  });

  it.each(examples.map((example) => [example.commands.join("; "), example] as const))(
    "%s",
    async (_name, { commands, prints }) => {
      for (const name of ["out", "report", "report-in"])
        rmSync(join(directory.path, name), { recursive: true, force: true });
      let printed = "";
      for (const command of commands) printed = await runCommand(command);
      expect(printed.replaceAll(directory.path, "/home/ann")).toBe(prints);
    },
  );
});
