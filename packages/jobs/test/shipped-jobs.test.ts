// The list of shipped jobs against their files: each runs as it stands, without a compiler or a bundler.

import { readFile } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { pathToFileURL } from "node:url";
import { shippedJobs } from "@millrace/jobs";
import { jobProgram } from "@millrace/sdk/engine";
import { describe, expect, it } from "vitest";

describe("shippedJobs", () => {
  it("is sorted by name, each with one line for people", () => {
    const names = shippedJobs.map(({ name }) => name);
    expect(names).toEqual(names.toSorted());
    expect(names).toContain("word-count");
    for (const { description } of shippedJobs) expect(description).toMatch(/^[^\n]{10,80}$/u);
  });

  it.each(shippedJobs)("$name has the same name inside, and tells about each parameter", async ({ name, path }) => {
    const module = (await import(pathToFileURL(path).href)) as { readonly default: unknown };
    const program = jobProgram(module.default);
    expect(program.name).toBe(name);
    for (const param of Object.values(program.params)) expect(param.description.about).toMatch(/^.{10,80}$/u);
  });

  it.each(shippedJobs)("$name is plain JavaScript that imports the SDK and the formats alone", async ({ path }) => {
    const source = await readFile(path, "utf8");
    expect(stripTypeScriptTypes(source)).toBe(source);
    const imported = [...source.matchAll(/^import [^;]*? from "(.*?)";$/gmu)].map((match) => match[1]);
    expect(imported.length).toBeGreaterThan(0);
    expect(imported.filter((name) => name !== "@millrace/sdk" && name !== "@millrace/formats")).toEqual([]);
  });
});
