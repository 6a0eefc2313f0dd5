// Compares what the compiler says about testdata/author-cases.ts with what its comments expect, in one run of the real compiler.

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../../..");
const directive = /^\s*\/\/ @ts-expect-error (.+)$/u;

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "millrace-author-types-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Run the compiler over a file. @returns the message of each line that has one, continuation lines joined. */
async function messagesOf(source: string): Promise<ReadonlyMap<number, string>> {
  const configuration = {
    extends: join(root, "tsconfig.test.json"),
    compilerOptions: {
      incremental: false,
      typeRoots: [join(root, "node_modules/@types")],
      paths: {
        "@millrace/sdk": [join(root, "packages/sdk/src/index.ts")],
        "@millrace/formats": [join(root, "packages/formats/src/index.ts")],
      },
    },
    include: ["cases.mts"],
  };
  await writeFile(join(folder, "cases.mts"), source);
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(configuration));
  const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
  const stdout = await new Promise<string>((resolve) => {
    execFile(process.execPath, [tsc, "-p", folder, "--pretty", "false"], (_failed, out) => resolve(out));
  });
  const messages = new Map<number, string>();
  let line = 0;
  for (const text of stdout.split("\n")) {
    const place = /cases\.mts\((\d+),\d+\): error (.*)$/u.exec(text);
    if (place !== null) line = Number(place[1]);
    else if (!text.startsWith(" ")) line = 0;
    if (line > 0) messages.set(line, `${messages.get(line) ?? ""}\n${place?.[2] ?? text}`);
  }
  return messages;
}

describe("the types of the SDK", () => {
  it("refuse each mistake with its message, and nothing else", { timeout: 60_000 }, async () => {
    const lines = (await readFile(join(here, "testdata/author-cases.ts"), "utf8")).split("\n");
    const expected = new Map<number, string>();
    const stripped = lines.map((line, index) => {
      const text = directive.exec(line)?.[1];
      // The message is about the next line: numbers begin at 1.
      if (text !== undefined) expected.set(index + 2, text);
      return text === undefined ? line : "";
    });
    expect(expected.size).toBeGreaterThan(25);

    const messages = await messagesOf(stripped.join("\n"));

    const wrong = [...expected].filter(([line, text]) => !(messages.get(line) ?? "").includes(text));
    expect(wrong.map(([line, text]) => `${line}: expected ${text}, got ${messages.get(line) ?? "nothing"}`)).toEqual(
      [],
    );
    expect([...messages].filter(([line]) => !expected.has(line))).toEqual([]);
  });
});
