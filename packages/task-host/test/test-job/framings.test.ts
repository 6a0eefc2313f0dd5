// Formats whose records are no lines, and formats of an author's own, through `testJob`.

import { jsonLines, numbers, textLines, textTable, wholeFile } from "@millrace/formats";
import { defineJob, int } from "@millrace/sdk";
import type { Framing, Input, Job } from "@millrace/sdk";
import { badRecord, createInput, createOutput, noRecord } from "@millrace/sdk/engine";
import type { InputFormat } from "@millrace/sdk/engine";
import { describe, expect, it } from "vitest";
import { testJob } from "../../src/index.ts";

/** An input of texts by a framing. */
function framed(framing: Framing, format: Partial<InputFormat<string>> = {}): Input<string> {
  return createInput<string>({
    name: "framed",
    splitting: framing.kind === "whole-file" ? "none" : "delimiter",
    framing,
    createReader: () => ({
      read: (bytes, begin, end) => new TextDecoder().decode(bytes.slice(begin, end)),
      reason: () => "",
    }),
    ...format,
  });
}

/** A job that writes what it reads, with the tasks that read it. */
function copy(input: Input<string>): Job<string, string> {
  return defineJob({ name: "copy", input, map: (record, emit) => emit(record), output: jsonLines<string>() });
}

describe("testJob() of records that are no lines", () => {
  it("reads whole files, one a record", async () => {
    const files = ["a\nb\n", "c", "d\ne"];
    expect((await testJob(copy(framed({ kind: "whole-file" })), { input: files, maps: 2 })).records).toEqual(files);
    const sizes = defineJob({
      name: "sizes",
      input: wholeFile(),
      map: (file, emit) => emit([file.bytes.length]),
      output: textTable(),
    });
    expect((await testJob(sizes, { input: [new Uint8Array(300), "ab"] })).records).toEqual([[300], [2]]);
  });

  it("reads events of several lines for any number of maps", async () => {
    const input = framed({ kind: "events", startsWith: (bytes, begin, end) => begin < end && bytes[begin] !== 0x20 });
    const events = Array.from({ length: 30 }, (_, index) => `e${index}${"\n at x".repeat(index % 4)}`);
    for (const maps of [2, 3, 17])
      expect((await testJob(copy(input), { input: events, maps })).records).toEqual(events);
  });

  it("reads fixed records, and refuses a test record of another length", async () => {
    const input = framed({ kind: "fixed", bytes: 3 });
    expect((await testJob(copy(input), { input: ["abc", "de\n", "fgh"], maps: 4 })).records).toEqual([
      "abc",
      "de\n",
      "fgh",
    ]);
    await expect(testJob(copy(input), { input: ["abc", "d"] })).rejects.toMatchObject({
      code: "E_JOB_INVALID",
      message: expect.stringContaining("record 1: it has 1 bytes"),
    });
  });

  it("counts numbers, spread over the maps", async () => {
    const job = defineJob({
      name: "count",
      params: { n: int({ default: 7 }) },
      input: numbers("n"),
      map: (number, emit, { split }) => emit([number, split.uri, split.offset]),
      output: textTable(),
    });
    expect((await testJob(job, {})).records.map((row) => (row as readonly unknown[])[0])).toEqual([
      0, 1, 2, 3, 4, 5, 6,
    ]);
    const { records: rows, counters } = await testJob(job, { params: { n: "3" }, maps: 2 });
    expect(rows).toEqual([
      [0, "numbers:", 0],
      [1, "numbers:", 1],
      [2, "numbers:", 1],
    ]);
    expect(counters).toMatchObject({ "millrace.records.in": 3 });
    expect((await testJob(job, { params: { n: "0" } })).records).toEqual([]);
    await expect(testJob(job, { input: ["1"] })).rejects.toMatchObject({ code: "E_JOB_INVALID" });
  });

  it("names the number that a map failed at", async () => {
    const job = defineJob({
      name: "count",
      input: numbers(10),
      map: (number) => {
        if (number === 8) throw new Error("eight");
      },
      outputs: { none: textLines() },
    });
    await expect(testJob(job, {})).rejects.toMatchObject({
      message: expect.stringMatching(/eight[^]*input "numbers:", byte 8\nrecord "8"$/),
    });
  });

  it("calls a reader's begin and finish for each part, and maps what it kept back", async () => {
    const calls: string[] = [];
    const input = framed(
      { kind: "delimited", delimiter: "line" },
      {
        splitting: "none",
        createReader: () => {
          let kept: string[] = [];
          return {
            begin: ({ uri, offset }) => {
              kept = [];
              calls.push(`${uri} ${offset}`);
            },
            read: (bytes, begin, end) => {
              kept.push(new TextDecoder().decode(bytes.slice(begin, end)));
              return noRecord;
            },
            finish: () => (kept.length === 0 ? noRecord : kept.includes("bad") ? badRecord : kept.join("+")),
            reason: () => "it holds bad",
          };
        },
      },
    );
    const { records: rows, counters } = await testJob(copy(input), { input: ["a", "b", "c"] });
    expect(rows).toEqual(["a+b+c"]);
    expect(calls).toEqual(["memory:/input 0"]);
    expect(counters["millrace.records.in"]).toBe(1);
    const bad = await testJob(copy(input), { input: ["a", "bad"] });
    expect(bad.records).toEqual([]);
    expect(bad.badRecords).toEqual([{ uri: "memory:/input", offset: 2, text: "", reason: "it holds bad" }]);
    expect(bad.counters["millrace.records.bad"]).toBe(1);
  });

  it("blames an author's own format for what it throws", async () => {
    const throwing = (where: "read" | "begin" | "finish" | "startsWith"): Input<string> =>
      framed(
        where === "startsWith"
          ? {
              kind: "events",
              startsWith: () => {
                throw new TypeError("startsWith");
              },
            }
          : { kind: "delimited", delimiter: "line" },
        {
          createReader: () => {
            const fail = (at: string): void => {
              if (at === where) throw new TypeError(at);
            };
            return {
              begin: () => fail("begin"),
              read: () => {
                fail("read");
                return "x";
              },
              finish: () => {
                fail("finish");
                return noRecord;
              },
              reason: () => "",
            };
          },
        },
      );
    for (const where of ["read", "begin", "finish", "startsWith"] as const)
      await expect(testJob(copy(throwing(where)), { input: ["a", "b"] })).rejects.toMatchObject({
        code: "E_USER_CODE",
        message: expect.stringContaining(`Cannot run "input format framed": TypeError: ${where}`),
      });
  });
});

describe("testJob() and a format's writer", () => {
  it("writes begin and finish around the records, and fails for what an author's own throws", async () => {
    const written: string[] = [];
    const output = (throws: string) =>
      createOutput<string>({
        name: "own",
        extension: "own",
        createWriter: () => ({
          begin: (sink) => {
            written.push("begin");
            sink.writeText("[");
          },
          write: (record, sink) => {
            if (throws === "write") throw new TypeError("write");
            written.push(record);
            sink.writeText(record);
          },
          finish: (sink) => {
            if (throws === "finish") throw new TypeError("finish");
            written.push("finish");
            sink.writeText("]");
          },
        }),
      });
    const job = (throws: string): Job<string, string> =>
      defineJob({ name: "own", input: textLines(), map: (line, emit) => emit(line), output: output(throws) });
    const { counters } = await testJob(job(""), { input: ["a"] });
    // The second map has no record, and still writes a file.
    expect(written).toEqual(["begin", "a", "finish", "begin", "finish"]);
    expect(counters).toMatchObject({ "millrace.records.out": 1, "millrace.bytes.out": 5 });
    for (const throws of ["write", "finish"])
      await expect(testJob(job(throws), { input: ["a"] })).rejects.toMatchObject({
        code: "E_USER_CODE",
        message: expect.stringContaining(`TypeError: ${throws}`),
      });
  });
});
