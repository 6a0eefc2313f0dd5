// The README against the jobs: a row and a section for each, with its parameters and their defaults. Its examples are run
// by e2e/jobs-readme.test.ts.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { shippedJobs } from "@millrace/jobs";
import { jobProgram } from "@millrace/sdk/engine";
import { describe, expect, it } from "vitest";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
const sections = new Map(
  readme
    .split(/^## /mu)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf("\n")), section] as const),
);

/** Parameters of a section's table, with what it says of their defaults. */
function documented(section: string): ReadonlyMap<string, string> {
  const table = /^\| parameter \|[^]*?\n(?!\|)/mu.exec(section)?.[0] ?? "";
  const rows = table.matchAll(/^\| `(\w+)` \| *([^|]*(?:\\\|[^|]*)*?) *\|/gmu);
  return new Map([...rows].map(([, name = "", cell = ""]) => [name, cell.trim().replaceAll("\\|", "|")]));
}

describe("the README of the shipped jobs", () => {
  it.each(shippedJobs)("tells about $name and its parameters", async ({ name, path }) => {
    expect(readme).toContain(`| [\`${name}\`](#${name}) |`);
    const section = sections.get(name) ?? "";
    const module = (await import(pathToFileURL(path).href)) as { readonly default: unknown };
    const params = Object.entries(jobProgram(module.default).params);
    const rows = documented(section);
    expect(new Set(rows.keys())).toEqual(new Set(params.map(([param]) => param)));
    for (const [param, { description }] of params) {
      const cell = rows.get(param) ?? "";
      if (description.default === undefined) expect(cell).toBe("must be given");
      // A default that is long or cannot be seen is told in words.
      if (/^`[^`]*`$/u.test(cell)) expect(cell).toBe(`\`${description.default}\``);
    }
  });

  it("has no section of another", () => {
    const names = new Set(shippedJobs.map(({ name }) => name));
    expect([...sections.keys()].filter((name) => !names.has(name))).toEqual([]);
  });
});
