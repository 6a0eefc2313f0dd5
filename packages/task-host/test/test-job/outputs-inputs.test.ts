// Named outputs, several inputs and side files through `testJob`.

import { jsonLines, textLines, textTable } from "@millrace/formats";
import { defineJob, defineJoin, int, sum, text } from "@millrace/sdk";
import type { Job } from "@millrace/sdk";
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
      message: expect.stringMatching(
        /"names\.txt".*these were: "name\.txt"; pass --file names\.txt=PATH, or files: \{ "names\.txt": … \} to testJob/,
      ),
    });
    await expect(testJob(job, { input: ["1"], files: { __proto__: "" } as never })).rejects.toMatchObject({
      code: "E_PARAMETER",
    });
  });
});
