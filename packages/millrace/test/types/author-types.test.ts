// Compares what the compiler says about testdata/*-cases.ts with what their comments expect, in one run of the real
// compiler.

import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { compile, root } from "./run-compiler.ts";

const folder = join(root, "packages/millrace/test/testdata");
const directive = /^\s*\/\/ @ts-expect-error (.+)$/u;

interface Cases {
  readonly source: string;
  /** A part of the message that each line must have. */
  readonly expected: ReadonlyMap<number, string>;
}

/** Take the directives out of a file, so that what they hide can be compared. */
async function readCases(name: string): Promise<Cases> {
  const expected = new Map<number, string>();
  const lines = (await readFile(join(folder, name), "utf8")).split("\n");
  const stripped = lines.map((line, index) => {
    const text = directive.exec(line)?.[1];
    // The message is about the next line: numbers begin at 1.
    if (text !== undefined) expected.set(index + 2, text);
    return text === undefined ? line : "";
  });
  return { source: stripped.join("\n"), expected };
}

/** What most authors have: `"strict": true`, and no more. */
const strictAlone = {
  exactOptionalPropertyTypes: false,
  noUncheckedIndexedAccess: false,
  noPropertyAccessFromIndexSignature: false,
  noUnusedLocals: false,
  noUnusedParameters: false,
};

describe("the types of the SDK", () => {
  it.each<[string, Readonly<Record<string, boolean>>]>([
    ["the strictest flags", {}],
    ["strict alone", strictAlone],
  ])("refuse each mistake with its message, and nothing else, with %s", async (_what, flags) => {
    const names = (await readdir(folder)).filter((name) => name.endsWith("-cases.ts"));
    const cases = new Map<string, Cases>();
    for (const name of names) cases.set(name.replace(/\.ts$/u, ".mts"), await readCases(name));
    const messages = await compile(new Map([...cases].map(([name, { source }]) => [name, source])), {
      ...flags,
      declaration: true,
    });

    const wrong: string[] = [];
    for (const [name, { expected }] of cases) {
      expect(expected.size).toBeGreaterThan(0);
      const given = messages.get(name);
      for (const [line, text] of expected) {
        const message = given?.get(line) ?? "nothing";
        if (!message.includes(text)) wrong.push(`${name}:${line} expected ${text}, got ${message}`);
      }
    }
    expect(wrong).toEqual([]);

    const more = [...cases].flatMap(([name, { expected }]) =>
      [...(messages.get(name) ?? [])].flatMap(([line, message]) =>
        expected.has(line) ? [] : [`${name}:${line} ${message}`],
      ),
    );
    expect(more).toEqual([]);
  });
});
