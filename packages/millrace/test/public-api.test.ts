// What people install: a change of this list is a change that they see.

import { readFile, readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as millrace from "millrace";
import { describe, expect, it } from "vitest";

const packages = join(dirname(fileURLToPath(import.meta.url)), "../..");

const names = `
  defineJob defineAggregation defineJoin chain outputOf testJob
  eachWord eachMatch eachRow eachPair eachLineAsKey eachSortedLine requiredText
  sampledRanges fullJoin innerJoin leftJoin semiJoin antiJoin eachCutLine eachJoinedText
  boolean bytes choice double int integer json list object optional pattern patternGroup text time tuple
  count distinct exponentialBounds fields first histogram last linearBounds max maxBy mean min minBy quantile sample set
  standardDeviation sum topK variance
  add and atLeast atMost before choose contains divide equals floorTime greaterThan hasPrefix isMissing lessThan lookup matches multiply
  not notEquals or sideTable substring subtract textOf words
  combinedLog cri csv events gzip influxLine jsonLines keyValueText logFormat logfmt nginxTimed numbers openMetrics records syslog
  sequenceFile teraRecords textLines textTable tsv wholeFile zstd
  createFormat createInput createOutput badRecord noRecord checkInputFormat checkOutputFormat`
  .trim()
  .split(/\s+/u)
  .toSorted();
/** Not functions: shown in the examples of those that they are for. */
const shownElsewhere = ["testJob", "badRecord", "noRecord"];

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
      [...source.matchAll(/@example(?:(?!\*\/)[^])*?\*\/\n(?:\/\/.*\n)*export function (\w+)/gu)].map(
        (match) => match[1],
      ),
    );
    expect(names.filter((name) => !shownElsewhere.includes(name) && !documented.has(name))).toEqual([]);
  });
});
