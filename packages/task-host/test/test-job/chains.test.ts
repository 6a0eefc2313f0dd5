// Chains through `testJob`: later maps inside of reducers, and who is blamed for what.

import { textLines, textTable } from "@millrace/formats";
import { chain, count, defineJob, int, object, records, sum, text, tuple } from "@millrace/sdk";
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

  it("runs setup of a job in each attempt of a stage that runs its functions, and names it when it fails", async () => {
    const setups: string[] = [];
    const last = (fails: boolean): Job<{ readonly key: string; readonly value: number }, readonly string[]> =>
      defineJob({
        name: "last",
        setup: async () => {
          await Promise.resolve();
          setups.push("last");
          if (fails) throw new Error("no state");
        },
        input: records(object({ key: text(), value: int() })),
        map: ({ key }, emit: (row: readonly string[]) => void) => emit([key]),
        output: textTable<readonly string[]>(),
      });
    await testJob(chain(wordCount, last(false)), { input: ["a", "b"], maps: 5, reduces: 3 });
    // Its map runs in the three reducers alone.
    expect(setups.length).toBe(3);
    await expect(testJob(chain(wordCount, last(true)), { input: ["a"] })).rejects.toMatchObject({
      code: "E_USER_CODE",
      message: expect.stringMatching(/^Cannot run "setup" of job "last": Error: no state/),
    });
  });

  it("names the job whose partition function threw", async () => {
    const parted = defineJob({
      name: "parted",
      input: records(object({ key: text(), value: int() })),
      map: ({ key }, emit) => emit(key),
      partition: (key) => {
        throw new Error(`no place for ${key}`);
      },
      reduce: count(),
      output: textTable(),
    });
    await expect(testJob(chain(wordCount, parted), { input: ["a"] })).rejects.toMatchObject({
      code: "E_USER_CODE",
      message: expect.stringMatching(/^Cannot run "partition" of job "parted": Error: no place for a; [^]*\nkey "a"$/),
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
