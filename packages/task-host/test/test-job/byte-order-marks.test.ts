// Byte order marks of logs whose lines kernels find: one at the begin of a file is no part of its first line, any other is.

import { jsonLines, logFormat, nginxTimed } from "@millrace/formats";
import { count, defineAggregation } from "@millrace/sdk";
import { describe, expect, it } from "vitest";
import { testJob } from "../../src/index.ts";

const mark = "\u{feff}";
const nginx = nginxTimed({ required: false });
const pattern = logFormat('$remote_addr [$time_local] "$request" $status');
const byHost = (input: typeof nginx | typeof pattern) =>
  defineAggregation({
    name: "hosts",
    input: input as typeof nginx,
    aggregations: {
      hosts: { groupBy: { host: (input as typeof nginx).host }, reduce: { hits: count() }, output: jsonLines() },
    },
  });
const hit = (host: string): string => `${host} - - [10/Oct/2026:13:10:00 +0000] "GET / HTTP/1.1" 200 5`;
const line = (host: string): string => `${host} [10/Oct/2026:13:10:00 +0000] "GET / HTTP/1.1" 200`;

describe("testJob() of logs with byte order marks", () => {
  it.each([
    ["nginxTimed", byHost(nginx), hit],
    ["logFormat", byHost(pattern), line],
  ] as const)("skips the first of a file with %s, and no other", async (_name, job, lineOf) => {
    const hosts = async (input: readonly string[]): Promise<readonly unknown[]> =>
      (await testJob(job, { input })).outputs.hosts.map(({ host }) => host).toSorted();
    const rest = ["d", "e", "f"];
    const others = rest.map(lineOf);
    expect(await hosts([mark + lineOf("a"), lineOf("b"), mark + lineOf("c"), ...others])).toEqual([
      "a",
      "b",
      ...rest,
      `${mark}c`,
    ]);
    expect(await hosts([lineOf("a"), mark + lineOf("b"), lineOf("c"), ...others])).toEqual([
      "a",
      "c",
      ...rest,
      `${mark}b`,
    ]);
  });
});
