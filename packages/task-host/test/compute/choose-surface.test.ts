import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { choosePart, importedNames, readParts } from "../../src/compute/choose-surface.ts";

const names = (source: string): readonly string[] | undefined => {
  const found = importedNames(source);
  return found === undefined ? undefined : [...found];
};

describe("importedNames()", () => {
  it("gives what is imported by name, of all the surface's names", () => {
    expect(names('import { defineJob, sum as total } from "millrace";')).toEqual(["defineJob", "sum"]);
    expect(names("import {\n  textLines,\n} from '@millrace/formats';\nimport{sum}from'@millrace/sdk'")).toEqual([
      "textLines",
      "sum",
    ]);
  });

  it("gives none for a module that imports nothing of it", () => {
    expect(names('import { readFileSync } from "node:fs"; export const a = 1;')).toEqual([]);
  });

  it.each([
    ["a namespace", 'import * as m from "millrace";'],
    ["a default beside names", 'import m, { sum } from "millrace";'],
    ["a re-export", 'export { sum } from "millrace";'],
    ["a re-export of all", 'import { sum } from "millrace"; export * from "@millrace/formats";'],
    ["a call", 'const m = await import("millrace");'],
    ["a call with a computed name", 'const m = await import("mill" + "race");'],
    ["a call behind a comment", 'const m = await import /* now */ ("mill" + "race");'],
    ["a template", "const name = `millrace`;"],
    ["an import for its effects", 'import "millrace";'],
    ["a comment among names", 'import { sum, // all\n count } from "millrace";'],
    ["an escaped name", 'import { s\\u0075m } from "millrace";'],
    ["an escape in the name of the module", 'import { sum } from "mill\\u0072ace";'],
    ["a name as a string", 'import { "sum" as s } from "millrace";'],
    ["the name in a text beside", 'import { sum } from "millrace"; console.log("millrace");'],
  ])("gives undefined for %s", (_what, source) => {
    expect(names(source)).toBeUndefined();
  });
});

describe("choosePart()", () => {
  const parts = [
    { file: "./small", names: ["defineJob", "sum"] },
    { file: "./large", names: ["defineJob", "sum", "csv"] },
  ];

  it("takes the first that has all names", () => {
    expect(choosePart('import { sum } from "millrace";', parts)?.file).toBe("./small");
    expect(choosePart('import { sum, csv } from "millrace";', parts)?.file).toBe("./large");
    expect(choosePart("export const a = 1;", parts)?.file).toBe("./small");
  });

  it("takes none when no part has them, when they are not known, and when there are no parts", () => {
    expect(choosePart('import { other } from "millrace";', parts)).toBeUndefined();
    expect(choosePart('import * as m from "millrace";', parts)).toBeUndefined();
    expect(choosePart('import { sum } from "millrace";', [])).toBeUndefined();
  });
});

describe("readParts()", () => {
  it("gives none where files are not joined", () => {
    const directory = mkdtempSync(join(tmpdir(), "millrace-parts-"));
    try {
      expect(readParts(pathToFileURL(join(directory, "module.js")).href)).toEqual([]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
