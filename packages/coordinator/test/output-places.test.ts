import type { JobId, JobSpec } from "@millrace/core";
import type { Place } from "@millrace/storage";
import { describe, expect, it } from "vitest";
import { OutputPlaces } from "../src/output-places.ts";
import type { LiveOutput } from "../src/output-places.ts";

/** `hdfs:///x`, `hdfs://ns/x` and `hdfs://nn1:8020/x` are one place; others are what their text says. */
const places = {
  placeOf: async (uri: string): Promise<Place> => {
    const match = /^(hdfs:\/\/(?:|ns|nn1:8020))(\/.*)$/u.exec(uri);
    if (match !== null) return { roots: ["http://nn1:9870"], path: match[2] ?? "" };
    return { roots: [uri.slice(0, uri.indexOf("/", 8))], path: uri.slice(uri.indexOf("/", 8)) };
  },
};
const spec = (input: string, output: string): JobSpec =>
  ({ name: "j", inputs: [{ patterns: [input] }], output: { uri: output } }) as unknown as JobSpec;
const reserve = async (outputs: OutputPlaces, [job, input, output, key]: readonly string[]): Promise<string> =>
  outputs.reserve(job as JobId, spec(input ?? "", output ?? ""), key).then(
    () => "reserved",
    (thrown: unknown) => (thrown as { readonly code: string }).code,
  );
const outputs = (live: readonly LiveOutput[] = []): OutputPlaces => new OutputPlaces(places, () => live);

describe("OutputPlaces", () => {
  it("refuses an output that is an input by another spelling, or overlaps it", async () => {
    for (const [input, output, expected] of [
      ["hdfs:///logs", "hdfs://ns/logs", "E_OUTPUT_OVERLAPS"],
      ["hdfs:///logs/day", "hdfs://nn1:8020/logs", "E_OUTPUT_OVERLAPS"],
      ["hdfs://nn1:8020/logs", "hdfs:///logs/out", "E_OUTPUT_OVERLAPS"],
      ["hdfs:///logs/*.gz", "hdfs://ns/logs", "E_OUTPUT_OVERLAPS"],
      ["hdfs:///logs/*.gz", "hdfs://ns/logs/out", "reserved"],
      ["hdfs:///logs", "hdfs://ns/logs-out", "reserved"],
      ["hdfs:///logs", "hdfs://other/logs", "reserved"],
    ])
      expect([input, output, await reserve(outputs(), ["a", input ?? "", output ?? ""])]).toEqual([
        input,
        output,
        expected,
      ]);
  });

  it("refuses the output of a live job by another spelling, and leaves the same text to the machine", async () => {
    const live = [{ job: "other" as JobId, uri: "hdfs://ns/out", idempotencyKey: "k" }];
    expect(await reserve(outputs(live), ["a", "hdfs:///in", "hdfs:///out"])).toBe("E_OUTPUT_BUSY");
    expect(await reserve(outputs(live), ["a", "hdfs:///in", "hdfs:///out", "k"])).toBe("reserved");
    expect(await reserve(outputs(live), ["a", "hdfs:///in", "hdfs://ns/out"])).toBe("reserved");
  });

  it("of two submissions at a time one gets the output", async () => {
    const both = outputs();
    const answers = await Promise.all([
      reserve(both, ["a", "hdfs:///in", "hdfs:///out"]),
      reserve(both, ["b", "hdfs:///in", "hdfs://ns/out"]),
    ]);
    expect(answers.sort()).toEqual(["E_OUTPUT_BUSY", "reserved"]);
    both.release("a" as JobId);
    both.release("b" as JobId);
    expect(await reserve(both, ["c", "hdfs:///in", "hdfs://ns/out"])).toBe("reserved");
  });
});
