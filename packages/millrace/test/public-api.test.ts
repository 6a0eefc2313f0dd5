// What people install: a change of this list is a change that they see.

import { readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as millrace from "millrace";
import { describe, expect, it } from "vitest";

const packages = join(dirname(fileURLToPath(import.meta.url)), "../..");

const names = `
  defineJob testJob
  boolean bytes choice double int integer json list object optional text time tuple
  count distinct fields max mean min quantile sum topK
  combinedLog jsonLines textLines textTable`
  .trim()
  .split(/\s+/u)
  .toSorted();

async function sourcesOf(folder: string): Promise<string> {
  const files = await readdir(join(packages, folder, "src"), { recursive: true });
  const texts = files
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFile(join(packages, folder, "src", file), "utf8"));
  return (await Promise.all(texts)).join("\n");
}

describe("millrace", () => {
  it("exports these values and no others", () => {
    expect(Object.keys(millrace).toSorted()).toEqual(names);
  });

  it("shows an example of each", async () => {
    const source = (await Promise.all(["sdk", "formats"].map(sourcesOf))).join("\n");
    const documented = new Set(
      [...source.matchAll(/@example(?:(?!\*\/)[^])*?\*\/\nexport function (\w+)/gu)].map((match) => match[1]),
    );
    expect(names.filter((name) => name !== "testJob" && !documented.has(name))).toEqual([]);
  });
});
