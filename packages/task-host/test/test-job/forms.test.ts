// Every form of job through `testJob`: several stages, several inputs, order keys, partitions, named outputs, side files,
// and formats whose records are no lines.

import { jsonLines, numbers, textLines, textTable, wholeFile } from "@millrace/formats";
import {
  chain,
  count,
  defineJob,
  defineJoin,
  int,
  object,
  records,
  sampledRanges,
  sum,
  text,
  tuple,
} from "@millrace/sdk";
import type { Framing, Input, Job } from "@millrace/sdk";
import { badRecord, createInput, createOutput, noRecord } from "@millrace/sdk/engine";
import type { InputFormat } from "@millrace/sdk/engine";
import { describe, expect, it } from "vitest";
import { testJob } from "../../src/index.ts";

const wordCount = defineJob({
  name: "word-count",
  input: textLines(),
  map: (line, emit) => {
    for (const word of line.split(" ")) if (word !== "") emit(word, 1);
  },
  reduce: sum(),
  output: textTable(),
});

const byCount = defineJob({
  name: "by-count",
  input: records(object({ key: text(), value: int() })),
  key: tuple(int(), text()),
  value: int(),
  map: ({ key, value }, emit) => emit([-value, key], value),
  reduces: 1,
  reduce: ([, word], values, emit) => {
    for (const value of values) emit([word, value]);
  },
  output: textTable(),
});

describe("testJob() of a chain", () => {
  it("runs a later map inside of the reducers before it, and gives the last job's records in order", async () => {
    const { records: rows, counters } = await testJob(chain(wordCount, byCount), { input: ["b a", "b c b", "a"] });
    expect(rows).toEqual([
      ["b", 3],
      ["a", 2],
      ["c", 1],
    ]);
    expect(counters).toMatchObject({ "millrace.groups": 6, "millrace.pairs.emitted": 9, "millrace.records.out": 3 });
  });

  it("gives the same for any number of tasks of each stage", async () => {
    const input = Array.from({ length: 200 }, (_, index) => `w${index % 13} w${index % 7}`);
    const once = await testJob(chain(wordCount, byCount), { input });
    for (const [maps, reduces] of [
      [3, 5],
      [7, 2],
      [2, 11],
    ] as const)
      expect((await testJob(chain(wordCount, byCount), { input, maps, reduces })).records).toEqual(once.records);
  });

  it("merges more runs than a reduce that also writes reads at once", async () => {
    const input = Array.from({ length: 150 }, (_, index) => `w${index % 9}`);
    const { records: rows } = await testJob(chain(wordCount, byCount), { input, maps: 150 });
    expect(rows).toEqual(Array.from({ length: 9 }, (_, index) => [`w${index}`, index < 6 ? 17 : 16]));
  });

  it("runs two map-only jobs in one pass, each with a state and random numbers of its own", async () => {
    const made: string[] = [];
    const part = (name: string): Job<string, string> =>
      defineJob({
        name,
        setup: () => {
          made.push(name);
          return { seen: 0 };
        },
        input: textLines(),
        map: (line: string, emit: (line: string) => void, context) => {
          context.state.seen += 1;
          emit(`${line}${name}${context.state.seen}`);
        },
        output: textLines(),
      });
    const { records: lines, counters } = await testJob(chain(part("x"), part("y")), { input: ["a", "b", "c", "d"] });
    expect(lines).toEqual(["ax1y1", "bx2y2", "cx1y1", "dx2y2"]);
    expect(made).toEqual(["x", "y", "x", "y"]);
    expect(counters).toMatchObject({ "millrace.records.in": 4, "millrace.records.out": 4 });
  });

  it("names the job of a chain whose function failed, with the group's key", async () => {
    const failing = defineJob({
      name: "failing",
      input: records(object({ key: text(), value: int() })),
      map: ({ key }) => {
        throw new RangeError(`no ${key}`);
      },
      output: textTable(),
    });
    await expect(testJob(chain(wordCount, failing), { input: ["a"] })).rejects.toMatchObject({
      code: "E_USER_CODE",
      message: expect.stringMatching(/^Cannot run "map" of job "failing": RangeError: no a; [^]*\nkey "a"$/),
    });
  });

  it("fails the job of a chain that emitted a wrong key, also when the one before it catches what came through", async () => {
    const careless = defineJob({
      name: "careless",
      input: textLines(),
      map: (line, emit) => {
        try {
          emit(line);
        } catch {
          // As an author would that wants no failures.
        }
      },
      output: textLines(),
    });
    const wrong = defineJob({
      name: "wrong",
      input: textLines(),
      map: (line, emit) => emit(`${line}\ud800`),
      reduce: count(),
      output: textTable(),
    });
    await expect(testJob(chain(careless, wrong), { input: ["a", "b"] })).rejects.toMatchObject({
      code: "E_KEY_INVALID",
      message: expect.stringMatching(/\nin job "wrong"\n[^]*record "a"$/),
    });
    const throwing = defineJob({
      name: "throwing",
      input: textLines(),
      map: () => {
        throw new Error("below");
      },
      output: textTable(),
    });
    await expect(testJob(chain(careless, throwing), { input: ["a", "b"] })).rejects.toMatchObject({
      code: "E_USER_CODE",
      message: expect.stringMatching(/^Cannot run "map" of job "throwing": Error: below; [^]*record "a"$/),
    });
  });

  it("refuses a promise of a later map, and an emit that was kept", async () => {
    const asynchronous = defineJob({
      name: "asynchronous",
      input: textLines(),
      map: (async () => undefined) as never,
      output: textLines(),
    });
    const lines = defineJob({ name: "l", input: textLines(), map: (line, emit) => emit(line), output: textLines() });
    await expect(testJob(chain(lines, asynchronous), { input: ["a"] })).rejects.toMatchObject({
      code: "E_ASYNC_USER_CODE",
      message: expect.stringContaining('of job "asynchronous"'),
    });
    const keeper = defineJob({
      name: "keeper",
      setup: () => ({ emits: [] as ((line: string) => void)[] }),
      input: textLines(),
      map: (line, emit, context) => {
        context.state.emits.push(emit);
        queueMicrotask(() => {
          try {
            emit(line);
          } catch {
            // The attempt fails all the same.
          }
        });
      },
      output: textLines(),
    });
    await expect(testJob(chain(lines, keeper), { input: ["a"] })).rejects.toMatchObject({ code: "E_EMIT_AFTER_END" });
  });
});

describe("testJob() of a shuffle", () => {
  it("gives the values of a key by order key, then by task and position", async () => {
    const job = defineJob({
      name: "ordered",
      input: textLines(),
      value: text(),
      orderBy: int(),
      map: (line, emit) => {
        const [key = "", order = "", value = ""] = line.split(" ");
        emit(key, value, Number(order));
      },
      reduce: (key, values, emit) => emit([key, [...values].join("")]),
      output: textTable(),
    });
    const input = ["k 3 x", "k -1 a", "j 2 q", "k 3 y", "k 0 b", "j 1 p", "k 3 z"];
    const { records: rows } = await testJob(job, { input });
    expect(Object.fromEntries(rows as [string, string][])).toEqual({ k: "abxyz", j: "pq" });
  });

  it("calls the job's partition function with the number of partitions", async () => {
    const job = defineJob({
      name: "parted",
      input: textLines(),
      key: int(),
      value: int(),
      map: (line, emit) => emit(Number(line), 1),
      partition: (key, partitions) => partitions - 1 - (key % partitions),
      reduce: (key, _values, emit) => emit([key]),
      output: textTable(),
    });
    const { records: rows } = await testJob(job, { input: ["0", "1", "2", "3", "4", "5"], reduces: 3 });
    expect(rows).toEqual([[2], [5], [1], [4], [0], [3]]);
  });

  it.each([
    ["gives 2", () => 2, /Cannot partition a key: .* gave 2; return an integer from 0 to 1[^]*record "a"/],
    ["gives NaN", () => Number.NaN, /gave NaN; return an integer from 0 to 1/],
    ["gives a text", () => "0" as never, /gave a string; return an integer from 0 to 1/],
    ["gives a promise", () => Promise.resolve(0) as never, /gave a object; return an integer from 0 to 1/],
    [
      "throws",
      () => {
        throw new Error("no place");
      },
      /^Cannot run "partition": Error: no place; [^]*record "a"/,
    ],
  ])("fails a partition function that %s", async (_what, partition, message) => {
    const job = defineJob({
      name: "parted",
      input: textLines(),
      value: int(),
      map: (line, emit) => {
        try {
          emit(line, 1);
        } catch {
          // The attempt fails all the same.
        }
      },
      partition,
      reduce: (key, _values, emit) => emit([key]),
      output: textTable(),
    });
    await expect(testJob(job, { input: ["a"] })).rejects.toMatchObject({
      code: "E_USER_CODE",
      message: expect.stringMatching(message),
    });
  });

  it("refuses to emit from partition and from combine", async () => {
    let kept: (key: string, value: number) => void = () => undefined;
    const job = (inside: "partition" | "combine"): Job<string, readonly string[]> =>
      defineJob({
        name: inside,
        input: textLines(),
        value: int(),
        map: (line, emit) => {
          kept = emit;
          emit(line, 1);
        },
        combine: (_key, _values, emit) => {
          if (inside === "combine") kept("x", 1);
          emit(1);
        },
        partition: () => {
          if (inside === "partition") kept("x", 1);
          return 0;
        },
        reduce: (key, _values, emit: (record: readonly string[]) => void) => emit([key]),
        output: textTable<readonly string[]>(),
      });
    for (const inside of ["partition", "combine"] as const)
      await expect(testJob(job(inside), { input: ["a"] })).rejects.toMatchObject({
        code: "E_EMIT_AFTER_END",
        message: expect.stringContaining(`"${inside}" runs`),
      });
  });

  it("sorts all records by sampled ranges, partition after partition", async () => {
    const job = defineJob({
      name: "sort",
      input: textLines(),
      value: text(),
      map: (line, emit, context) => {
        context.count("lines");
        context.outputs.seen(line);
        emit(line, "");
      },
      partition: sampledRanges(),
      reduce: (key, values, emit) => {
        for (const _value of values) emit(key);
      },
      output: textLines(),
      outputs: { seen: textLines() },
    });
    const input = Array.from({ length: 400 }, (_, index) => String((index * 7_919) % 1_009).padStart(4, "0"));
    for (const reduces of [2, 5]) {
      const result = await testJob(job, { input, reduces, maps: 3 });
      expect(result.records).toEqual(input.toSorted());
      // The sample ran the map too, and nothing of it counts.
      expect(result.outputs.seen.length).toBe(400);
      expect(result.counters).toMatchObject({ lines: 400, "millrace.records.in": 400, "millrace.pairs.emitted": 400 });
    }
    expect((await testJob(job, { input: [] })).records).toEqual([]);
  });

  it("runs a map with fewer partitions in a later stage than its maps, values in the order of the reducers before", async () => {
    const regroup = defineJob({
      name: "regroup",
      input: records(object({ key: text(), value: int() })),
      value: text(),
      map: ({ key, value }, emit) => emit(value % 2 === 0 ? "even" : "odd", key),
      reduces: 1,
      reduce: (key, values, emit) => emit([key, [...values].join("")]),
      output: textTable(),
    });
    const { records: rows } = await testJob(chain(wordCount, regroup), {
      input: ["a b c a", "d c d", "e"],
      reduces: 3,
    });
    // Values come by task of the stage before, and there by key; how words hash is documented.
    expect(rows).toEqual([
      ["even", expect.stringMatching(/^(?:acd|adc|cad|cda|dac|dca)$/)],
      ["odd", expect.stringMatching(/^(?:be|eb)$/)],
    ]);
    expect(
      (await testJob(chain(wordCount, regroup), { input: ["a b c a", "d c d", "e"], reduces: 3, maps: 7 })).records,
    ).toEqual(rows);
  });
});

describe("testJob() of named outputs", () => {
  const job = defineJob({
    name: "split",
    input: textLines(),
    value: int(),
    map: (line, emit, context) => {
      if (line.startsWith("!")) context.outputs.errors({ line });
      else emit(line, 1);
    },
    reduce: (key, _values, emit, context) => {
      if (key === "b") context.outputs.errors({ line: `reduced ${key}` });
      emit([key]);
    },
    output: textTable(),
    outputs: { errors: jsonLines<{ readonly line: string }>(), never: textLines() },
  });

  it("gives the records of each output, of maps before those of reducers", async () => {
    const { records: rows, outputs, counters } = await testJob(job, { input: ["a", "!x", "b", "!y"] });
    expect(new Set(rows.map(String))).toEqual(new Set(["a", "b"]));
    // The types of the outputs are the job's.
    const errors: readonly { readonly line: string }[] = outputs.errors;
    expect(errors).toEqual([{ line: "!x" }, { line: "!y" }, { line: "reduced b" }]);
    expect(outputs.never).toEqual([]);
    expect(counters["millrace.records.out"]).toBe(5);
  });

  it("runs a job without a main output, whose emit is refused", async () => {
    const only = (emits: boolean): Job<string, never, { readonly lines: string }> =>
      defineJob({
        name: "only",
        input: textLines(),
        map: (line, emit: (record: never) => void, context) => {
          if (emits) emit(line as never);
          context.outputs.lines(line);
        },
        outputs: { lines: textLines() },
      }) as never;
    const { records: rows, outputs } = await testJob(only(false), { input: ["a", "b"] });
    expect([rows, outputs.lines]).toEqual([[], ["a", "b"]]);
    await expect(testJob(only(true), { input: ["a"] })).rejects.toMatchObject({
      code: "E_USER_CODE",
      message: expect.stringContaining("no main output"),
    });
  });

  it("refuses a record of the wrong type at its place, also when user code catches it", async () => {
    const wrong = defineJob({
      name: "wrong",
      input: textLines(),
      map: (line, emit, context) => {
        try {
          context.outputs.lines(7 as never);
        } catch {
          // The attempt fails all the same.
        }
        emit(line);
      },
      output: textLines(),
      outputs: { lines: textLines() },
    });
    await expect(testJob(wrong, { input: ["a", "b"] })).rejects.toMatchObject({
      code: "E_VALUE_INVALID",
      message: expect.stringMatching(/record "a"$/),
    });
  });

  it("refuses to write after the function has returned, and in combine", async () => {
    const late = defineJob({
      name: "late",
      input: textLines(),
      map: (line, _emit, context) => {
        queueMicrotask(() => {
          try {
            context.outputs.lines(line);
          } catch {
            // The attempt fails all the same.
          }
        });
      },
      outputs: { lines: textLines() },
    });
    await expect(testJob(late, { input: ["a"] })).rejects.toMatchObject({
      code: "E_EMIT_AFTER_END",
      message: expect.stringContaining('output "lines"'),
    });
    const combines = defineJob({
      name: "combines",
      input: textLines(),
      value: int(),
      map: (line, emit) => emit(line, 1),
      // The types do not know it there.
      combine: (key, _values, _emit, context) =>
        (context.outputs as never as { lines: (line: string) => void }).lines(key),
      reduce: (key, _values, emit) => emit(key),
      output: textLines(),
      outputs: { lines: textLines() },
    });
    await expect(testJob(combines, { input: ["a"] })).rejects.toMatchObject({
      code: "E_USER_CODE",
      message: expect.stringContaining('"combine" runs'),
    });
  });
});

describe("testJob() of several inputs", () => {
  const join = defineJoin({
    name: "join",
    inputs: {
      users: {
        input: jsonLines<{ readonly id: string; readonly name: string }>(),
        value: text(),
        map: (user, emit) => emit(user.id, user.name),
      },
      hits: {
        input: textLines(),
        value: text(),
        map: (line, emit, { split }) => emit(line.split(" ")[0] ?? "", `${line.split(" ")[1] ?? ""}@${split.uri}`),
      },
    },
    reduce: (_key, { users, hits }, emit) => {
      for (const hit of hits) for (const user of users) emit([user, hit]);
    },
    output: textTable(),
  });

  it("reads each input with its own format and map", async () => {
    const { records: rows } = await testJob(join, {
      inputs: {
        users: ['{"id":"1","name":"ann"}', '{"id":"2","name":"bob"}', '{"id":"3","name":"cy"}'],
        hits: ["2 /b", "1 /a", "9 /none", "2 /c"],
      },
    });
    expect(new Set(rows.map(String))).toEqual(
      new Set(["ann,/a@memory:/input/hits", "bob,/b@memory:/input/hits", "bob,/c@memory:/input/hits"]),
    );
  });

  it("refuses inputs that the job does not have, and says which it has", async () => {
    await expect(testJob(join, { input: ["a"] })).rejects.toMatchObject({
      code: "E_JOB_INVALID",
      message: expect.stringContaining('"users", "hits"'),
    });
    await expect(testJob(join, { inputs: { users: [], hit: [] } })).rejects.toMatchObject({
      message: expect.stringContaining('did you mean "hits"'),
    });
    await expect(testJob(join, { inputs: { users: [] } })).rejects.toMatchObject({
      message: expect.stringContaining('it reads "hits"'),
    });
    await expect(testJob(wordCount, { inputs: { lines: [] } })).rejects.toMatchObject({
      message: expect.stringContaining('give "input"'),
    });
    await expect(testJob(wordCount, {})).rejects.toMatchObject({ message: expect.stringContaining('give "input"') });
  });
});

describe("testJob() of side files", () => {
  const job = defineJob({
    name: "named",
    setup: ({ file }) => new TextDecoder().decode(file("names.txt")).split("\n"),
    input: textLines(),
    map: (line, emit, { state, file }) => {
      file("names.txt").fill(0);
      emit(state[Number(line)] ?? "?");
    },
    output: textLines(),
  });

  it("gives their bytes, a copy each time", async () => {
    for (const content of ["ann\nbob", new TextEncoder().encode("ann\nbob")])
      expect((await testJob(job, { input: ["1", "0", "5"], files: { "names.txt": content } })).records).toEqual([
        "bob",
        "ann",
        "?",
      ]);
  });

  it("says how to ship one that is not there", async () => {
    await expect(testJob(job, { input: ["1"], files: { "name.txt": "" } })).rejects.toMatchObject({
      code: "E_PARAMETER",
      message: expect.stringMatching(/"names\.txt".*these were: "name\.txt"; pass --file names\.txt=PATH/),
    });
    await expect(testJob(job, { input: ["1"], files: { __proto__: "" } as never })).rejects.toMatchObject({
      code: "E_PARAMETER",
    });
  });
});

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
