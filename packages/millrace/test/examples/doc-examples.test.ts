// Every example that people read compiles and loads, and each whole job runs: those of doc comments, of the README and
// of docs/. What is done with a fragment stands in complete-example.ts.

import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isJob, jobProgram } from "@millrace/sdk/engine";
import * as millrace from "millrace";
import { testJob } from "millrace";
import type { TestJobInput } from "millrace";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compile, root } from "../types/run-compiler.ts";
import { completeExample } from "./complete-example.ts";
import { type Example, extractExamples, findExamples } from "./extract-examples.ts";

const sources = [
  "packages/sdk/src",
  "packages/formats/src",
  "packages/task-host/src/test-job",
  "packages/millrace/src",
  "README.md",
  "docs",
];
const examples = await findExamples(root, sources);
const fileOf = (index: number): string => `example-${index}.mts`;
const modules = examples.map(({ code }) => linkExample(completeExample(code, Object.keys(millrace))));

/** `./NAME.ts` is the example of the job called so; tests of `node:test` are run here. */
function linkExample(code: string): string {
  return code.replace('"node:test"', '"./node-test.mts"').replaceAll(/"\.\/([\w-]+)\.ts"/gu, (_whole, name: string) => {
    const index = examples.findIndex((each) => each.code.includes(`name: "${name}"`));
    return `"./${fileOf(index)}"`;
  });
}

const nodeTest = `export const tests: (() => unknown)[] = [];
export const test = (_name: string, run: () => unknown): unknown => tests.push(run);
`;

/** Where the module of an example lies: in this package, so that it finds `millrace` as this file does, and ignored. */
const built = join(root, "packages/millrace/dist");
let folder = "";
const urlOf = (index: number): string => pathToFileURL(join(folder, fileOf(index))).href;

beforeAll(async () => {
  await mkdir(built, { recursive: true });
  folder = await mkdtemp(join(built, "examples-"));
  await writeFile(join(folder, "node-test.mts"), nodeTest);
  for (const [index, code] of modules.entries()) await writeFile(join(folder, fileOf(index)), code);
});
afterAll(() => rm(folder, { recursive: true }));

/** Records of each format, for the jobs that are run. */
const samples: Readonly<Record<string, readonly (string | Uint8Array)[]>> = {
  "text-lines": ["E1 a b", "I2 b c", "E1 d"],
  "combined-log": [
    '127.0.0.1 - ann [10/Oct/2025:13:55:36 +0000] "GET /a HTTP/1.1" 200 2326 "-" "curl/8"',
    '127.0.0.2 - - [10/Oct/2025:13:56:36 +0000] "GET /b HTTP/1.1" 503 - "-" "Mozilla/5.0"',
  ],
  csv: ["id,country", "ann,DE"],
  "log-format": ['192.0.2.1 [2026-01-01T00:00:00Z] "GET /a HTTP/1.1" 200 rt=0.5 up=10.0.0.1:80 "-"'],
  // Six pairs of LongWritable and Text, by Hadoop 3.4.2.
  "sequence-file": [
    Buffer.from(
      "U0VRBiFvcmcuYXBhY2hlLmhhZG9vcC5pby5Mb25nV3JpdGFibGUZb3JnLmFwYWNoZS5oYWRvb3AuaW8uVGV4dAAAAAAAAQdtYWRl" +
        "LWJ5BmhhZG9vcOVIb6YG/lJh9xA7ZUcK0kn/////5Uhvpgb+UmH3EDtlRwrSSQAAAAwAAAAIAAAAAAAAAAADw7wwAAAADAAAAAj/" +
        "////xGU2AAPDvDEAAAAMAAAACP////+IymwAA8O8Mv/////lSG+mBv5SYfcQO2VHCtJJAAAADAAAAAj/////TS+iAAPDvDMAAAAM" +
        "AAAACP////8RlNgAA8O8NAAAAAwAAAAI/////tX6DgADw7w1",
      "base64",
    ),
  ],
};

function inputsOf(job: unknown): TestJobInput {
  const { inputs, params } = jobProgram(job);
  const given = Object.entries(params).flatMap(([name, { description }]) =>
    description.default === undefined ? [[name, description.type === "text" ? "a" : "1"] as const] : [],
  );
  const records = inputs.map(({ name, format }) => [name, samples[format.name] ?? []] as const);
  const [only] = records;
  return {
    params: Object.fromEntries(given),
    files: { "stop-words.txt": "a\n", "countries.csv": "user,country\nann,DE\n" },
    ...(only?.[0] === "" ? { input: only[1] } : { inputs: Object.fromEntries(records) }),
  };
}

async function runTests(): Promise<void> {
  const url = pathToFileURL(join(folder, "node-test.mts")).href;
  const { tests } = (await import(url)) as { readonly tests: (() => unknown)[] };
  expect(tests).not.toEqual([]);
  for (const test of tests.splice(0)) await test();
}

describe("examples", () => {
  it("are found in doc comments and pages", () => {
    const text = "/**\n * ```ts\n * a\n *\n * b\n * ```\n */\n```ts\nno comment\n```\n";
    expect(extractExamples("x.ts", text)).toEqual([{ place: "x.ts:3", code: "a\n\nb\n" } satisfies Example]);
    expect(extractExamples("x.md", "```ts\na\n```\n```sh\nb\n```\n")).toEqual([{ place: "x.md:2", code: "a\n" }]);
    expect(examples.length).toBeGreaterThan(80);
  });

  it("compile", async () => {
    const files = modules.map((code, index) => [fileOf(index), code] as const);
    const messages = await compile(new Map([["node-test.mts", nodeTest], ...files]), {
      // A fragment declares what its reader goes on with.
      noUnusedLocals: false,
    });
    const shown = examples.flatMap(({ place }, index) =>
      [...(messages.get(fileOf(index)) ?? [])].map(([line, message]) => ({
        place,
        line: (modules[index] ?? "").split("\n")[line - 1],
        message,
      })),
    );
    expect(shown).toEqual([]);
  });

  it.each(examples.map(({ place, code }, index) => ({ place, code, index })))(
    "$place is taken",
    async ({ code, index }) => {
      const module = (await import(urlOf(index))) as { readonly default?: unknown };
      if (code.includes('"node:test"')) await runTests();
      if (!/^export default /mu.test(code)) return;
      expect(isJob(module.default)).toBe(true);
      const result = await testJob(module.default as Parameters<typeof testJob>[0], inputsOf(module.default));
      expect(result.badRecords).toEqual([]);
      const written = [result.records, ...Object.values(result.outputs as Record<string, readonly unknown[]>)];
      expect(written.flat()).not.toEqual([]);
    },
  );
});
