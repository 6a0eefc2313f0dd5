import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defaultJobOptions } from "../../src/job/default-job-options.ts";
import type { InputFormatSpec, JobSpec } from "../../src/model/job-spec.ts";
import type { InputFile, Plan, Split } from "../../src/model/plan.ts";
import type { ListedInput } from "../../src/model/storage-call.ts";
import { limits } from "../../src/limits.ts";
import { planHash } from "../../src/plan/plan-hash.ts";
import { planJob } from "../../src/plan/plan-job.ts";
import { compareUtf8, sortByUri } from "../../src/plan/sort-by-uri.ts";

const MiB = 1024 * 1024;
const lines: InputFormatSpec = { name: "textLines", splitting: "delimiter" };
const whole: InputFormatSpec = { name: "whole", splitting: "none" };

function makeFile(name: string, bytes: number, more: Partial<InputFile> = {}): InputFile {
  return {
    uri: `file:///in/${name}`,
    bytes,
    modifiedMs: 1_700_000_000_000,
    blockBytes: 0,
    codec: "none",
    hosts: [],
    ...more,
  };
}

function makeSpec(change: Partial<JobSpec> = {}, formats: readonly InputFormatSpec[] = [lines]): JobSpec {
  return {
    name: "job",
    bundle: { sha256: "a".repeat(64), bytes: 1 },
    dataVersion: 1,
    nodeMajor: 24,
    inputs: formats.map((format) => ({ patterns: ["file:///in"], format })),
    stages: [
      {
        kind: "map",
        inputs: formats.map((_, index) => index),
        shuffle: { partitions: "auto", pairs: "state", ordered: false },
        outputs: [],
      },
      { kind: "reduce", reads: 0, outputs: [{ name: "", extension: "txt" }] },
    ],
    output: { uri: "file:///out", overwrite: false },
    params: {},
    options: defaultJobOptions,
    ...change,
  };
}

const listed = (files: readonly InputFile[], more: Partial<ListedInput> = {}): ListedInput => ({
  files,
  skipped: 0,
  unmatched: [],
  refused: [],
  ...more,
});
const withSplit = (splitBytes: number): Partial<JobSpec> => ({ options: { ...defaultJobOptions, splitBytes } });

function plan(files: readonly InputFile[], spec: JobSpec = makeSpec()): Plan {
  const outcome = planJob(spec, [listed(files)]);
  if (outcome.kind === "refused") throw new Error(outcome.message);
  return outcome.plan;
}

/** Print splits as `name[offset+bytes] …`. */
const print = (splits: readonly Split[] = []): readonly string[] =>
  splits.map(({ parts }) => parts.map(({ uri, offset, bytes }) => `${uri.slice(11)}[${offset}+${bytes}]`).join(" "));
const cuts = (files: readonly InputFile[], spec?: JobSpec): readonly string[] => print(plan(files, spec).splits[0]);

describe("planJob()", () => {
  it("cuts at the split size, and lets a rest below a tenth join", () => {
    const spec = makeSpec(withSplit(100));
    expect(cuts([makeFile("a", 200)], spec)).toEqual(["a[0+100]", "a[100+100]"]);
    expect(cuts([makeFile("a", 209)], spec)).toEqual(["a[0+100]", "a[100+109]"]);
    expect(cuts([makeFile("a", 210)], spec)).toEqual(["a[0+100]", "a[100+100]", "a[200+10]"]);
    expect(cuts([makeFile("a", 109)], spec)).toEqual(["a[0+109]"]);
    expect(cuts([makeFile("a", 3)], makeSpec(withSplit(1)))).toEqual(["a[0+1]", "a[1+1]", "a[2+1]"]);
  });

  it("takes 128 MiB for local files and the smallest multiple of the block size above it elsewhere", () => {
    const first = (blockBytes: number) => plan([makeFile("a", 4096 * MiB, { blockBytes })]).splits[0]?.[0]?.bytes;
    expect([0, 1 * MiB, 64 * MiB, 128 * MiB, 100 * MiB, 256 * MiB].map((bytes) => (first(bytes) ?? 0) / MiB)).toEqual([
      128, 128, 128, 128, 200, 256,
    ]);
  });

  it("packs small files in URI order, apart from large ones", () => {
    const files = [makeFile("c", 30), makeFile("a", 40), makeFile("b", 60), makeFile("d", 300), makeFile("e", 1)];
    expect(cuts(files, makeSpec(withSplit(100)))).toEqual([
      "a[0+40] b[0+60]",
      "c[0+30]",
      "d[0+100]",
      "d[100+100]",
      "d[200+100]",
      "e[0+1]",
    ]);
  });

  it("packs at most 1,000 files, wherever they lie", () => {
    const files = Array.from({ length: 2_500 }, (_, index) =>
      makeFile(String(index).padStart(5, "0"), 1, { hosts: [`h${index % 7}`] }),
    );
    const splits = plan(files).splits[0] ?? [];
    expect(splits.map(({ parts }) => parts.length)).toEqual([1_000, 1_000, 500]);
    expect(splits[0]?.hosts).toEqual(["h0", "h1", "h2"]);
  });

  it("packs at most 1 MiB of URIs", () => {
    const files = Array.from({ length: 1_000 }, (_, index) =>
      makeFile(String(index).padStart(4_200 - "file:///in/".length, "0"), 1),
    );
    const splits = plan(files).splits[0] ?? [];
    // 249 URIs of 4,200 bytes are 1,045,800 of 1,048,576.
    expect(splits.map(({ parts }) => parts.length)).toEqual([249, 249, 249, 249, 4]);
  });

  it("gives a compressed file that is no small one, and each file of a format that cannot be cut, one split", () => {
    expect(
      cuts(
        [
          makeFile("a", 5),
          makeFile("b", 500, { codec: "gzip" }),
          makeFile("c", 13, { codec: "zstd" }),
          makeFile("d", 5),
        ],
        makeSpec(withSplit(100)),
      ),
    ).toEqual(["a[0+5]", "b[0+500]", "c[0+13]", "d[0+5]"]);
    expect(cuts([makeFile("a", 500), makeFile("b", 1)], makeSpec(withSplit(100), [whole]))).toEqual([
      "a[0+500]",
      "b[0+1]",
    ]);
  });

  it("packs small compressed files, each byte as eight, by their names where nobody has looked", () => {
    const spec = makeSpec(withSplit(100));
    const packed = (name: string, codec: "gzip" | "detect"): InputFile => makeFile(name, 5, { codec });
    expect(cuts([packed("a", "gzip"), packed("b.gz", "detect"), packed("c.gz", "detect")], spec)).toEqual([
      "a[0+5] b.gz[0+5]",
      "c.gz[0+5]",
    ]);
    expect(cuts([packed("a", "detect"), packed("b", "gzip"), packed("c", "detect")], spec)).toEqual([
      "a[0+5] b[0+5] c[0+5]",
    ]);
    expect(plan([packed("a", "gzip"), packed("b", "gzip")], spec).splits[0]?.[0]?.bytes).toBe(10);
  });

  it("never cuts a file that nobody has looked into", () => {
    expect(cuts([makeFile("a", 500, { codec: "detect" })], makeSpec(withSplit(100)))).toEqual(["a[0+500]"]);
  });

  it("cuts files of bzip2 for formats of delimiters alone", () => {
    const cutAs = (splitting: "delimiter" | "plain" | "sync-mark") =>
      cuts(
        [makeFile("a", 250, { codec: "bzip2" }), makeFile("b", 200)],
        makeSpec(withSplit(100), [{ name: "any", splitting }]),
      );
    expect(cutAs("delimiter")).toEqual(["a[0+100]", "a[100+100]", "a[200+50]", "b[0+100]", "b[100+100]"]);
    for (const splitting of ["plain", "sync-mark"] as const)
      expect(cutAs(splitting)).toEqual(["a[0+250]", "b[0+100]", "b[100+100]"]);
  });

  it("gives no task for an empty file, and one reducer for no bytes at all", () => {
    const empty = plan([makeFile("a", 0), makeFile("b", 0)]);
    expect(empty.stages).toEqual([
      { kind: "map", tasks: 0, partitions: 1, reads: -1 },
      { kind: "reduce", tasks: 1, partitions: 0, reads: 0 },
    ]);
    expect(empty).toMatchObject({ inputFiles: 2, inputBytes: 0 });
    expect(plan([]).stages.map(({ tasks }) => tasks)).toEqual([0, 1]);
  });

  it("chooses reducers by input bytes, between 1 and 999, none for a rest below a tenth", () => {
    const reducers = (bytes: number) => plan([makeFile("a", bytes, { codec: "gzip" })]).stages[1]?.tasks;
    const tenth = Math.ceil(25.6 * MiB);
    expect([0, 1, 256 * MiB, 256 * MiB + tenth - 1, 256 * MiB + tenth, 512 * MiB - 1].map(reducers)).toEqual([
      1, 1, 1, 1, 2, 2,
    ]);
    expect([1024 * MiB, 1024 * MiB + 1, 1e15].map(reducers)).toEqual([4, 4, 999]);
  });

  it("plans inputs in declared order, and chains", () => {
    const stages: JobSpec["stages"] = [
      { kind: "map", inputs: [1, 0], shuffle: { partitions: 3, pairs: "value", ordered: false }, outputs: [] },
      { kind: "reduce", reads: 0, shuffle: { partitions: 2, pairs: "state", ordered: false }, outputs: [] },
      { kind: "reduce", reads: 1, outputs: [{ name: "", extension: "" }] },
    ];
    const outcome = planJob(makeSpec({ stages }, [lines, lines]), [
      listed([makeFile("z", 1)], { skipped: 2 }),
      listed([makeFile("a", 1)], { skipped: 1 }),
    ]);
    expect(outcome).toMatchObject({
      kind: "planned",
      plan: {
        stages: [
          { tasks: 2, partitions: 3 },
          { tasks: 3, partitions: 2, reads: 0 },
          { tasks: 2, partitions: 0, reads: 1 },
        ],
        splits: [[{ input: 1 }, { input: 0 }], [], []],
        inputFiles: 2,
        inputBytes: 2,
        skippedFiles: 3,
      },
    });
  });

  it("gives a file once that was listed twice", () => {
    expect(cuts([makeFile("a", 1), makeFile("a", 1)])).toEqual(["a[0+1]"]);
  });

  it("refuses what is missing, unreadable, too much, or inside the output", () => {
    const refusal = (input: ListedInput, spec = makeSpec()) => {
      const outcome = planJob(spec, [input]);
      return outcome.kind === "refused" ? `${outcome.code} ${outcome.message}` : outcome.kind;
    };
    expect(refusal(listed([], { unmatched: ["file:///in/*.gz"] }))).toBe(
      'E_INPUT_MISSING Cannot read "file:///in/*.gz": nothing there matches it; check the path or pattern',
    );
    const refused = [
      { uri: "file:///in/a.bz2", reason: "it is compressed with bzip2" },
      { uri: "file:///in/b.bz2", reason: "it is compressed with bzip2" },
    ];
    expect(refusal(listed([], { refused }))).toBe(
      'E_UNSUPPORTED_CODEC Cannot read "file:///in/a.bz2": it is compressed with bzip2 (and 1 more files); leave it out, or mend it',
    );
    expect(
      refusal(listed([], { refused: [{ uri: "file:///in", reason: "it has too many files", code: "E_TOO_LARGE" }] })),
    ).toBe('E_TOO_LARGE Cannot read "file:///in": it has too many files; pack its files, or submit several jobs');
    expect(
      refusal(listed([], { refused: [{ uri: "file:///in/p", reason: "it is a pipe", code: "E_INPUT_READ" }] })),
    ).toMatch(/^E_INPUT_READ/);
    expect(refusal(listed([makeFile("a", 1_000_000)]), makeSpec(withSplit(1)))).toMatch(
      /^E_TOO_LARGE .* more than 100000 tasks/,
    );
    expect(refusal(listed([makeFile("a", 2 ** 50)]), makeSpec(withSplit(1)))).toMatch(/^E_TOO_LARGE/);
    expect(refusal(listed([{ ...makeFile("a", 1), uri: "file:///out/part" }]))).toMatch(/^E_OUTPUT_OVERLAPS/);
  });

  it("tiles every file exactly, whatever the sizes, in the order of the data", () => {
    const file = fc.record({
      name: fc.stringMatching(/^[a-z]{1,3}$/),
      bytes: fc.oneof(fc.nat({ max: 30 }), fc.nat({ max: 3_000 })),
      codec: fc.constantFrom("none", "none", "gzip", "bzip2", "detect"),
      blockBytes: fc.constantFrom(0, 64),
    });
    const files = fc.uniqueArray(file, { selector: ({ name }) => name, maxLength: 30 });
    fc.assert(
      fc.property(
        files,
        fc.integer({ min: 1, max: 400 }),
        fc.constantFrom(lines, whole),
        (list, splitBytes, format) => {
          const inputs = list.map(({ name, bytes, codec, blockBytes }) =>
            makeFile(name, bytes, { codec: codec as "none", blockBytes }),
          );
          const splits = plan(inputs, makeSpec(withSplit(splitBytes), [format])).splits[0] ?? [];
          const expected = inputs.filter(({ bytes }) => bytes > 0).sort((a, b) => compareUtf8(a.uri, b.uri));
          const parts = splits.flatMap((split) => split.parts);
          const tiled: { uri: string; end: number }[] = [];
          for (const { uri, offset, bytes, fileBytes } of parts) {
            expect(bytes).toBeGreaterThan(0);
            const last = tiled.at(-1);
            if (last?.uri === uri) {
              expect(offset).toBe(last.end);
              last.end += bytes;
            } else {
              expect(offset).toBe(0);
              tiled.push({ uri, end: bytes });
            }
            expect(fileBytes).toBe(inputs.find((input) => input.uri === uri)?.bytes);
          }
          expect(tiled).toEqual(expected.map(({ uri, bytes }) => ({ uri, end: bytes })));
          for (const split of splits) {
            expect(split.bytes).toBe(split.parts.reduce((sum, { bytes }) => sum + bytes, 0));
            if (split.parts.length > 1) expect(split.bytes).toBeLessThanOrEqual(splitBytes);
            // What is packed is whole, and a format that is never cut is not packed either.
            if (split.parts.length > 1) expect(split.parts.every((part) => part.bytes === part.fileBytes)).toBe(true);
            if (format === whole) expect(split.parts.length).toBe(1);
          }
        },
      ),
    );
  });

  it("gives the same plan for a listing in any order", () => {
    const files = Array.from({ length: 50 }, (_, index) => makeFile(`${(index * 7) % 50}`, index * 10));
    const spec = makeSpec(withSplit(64));
    expect(plan([...files].reverse(), spec)).toEqual(plan(files, spec));
  });

  it("plans 100,000 files in less than 2 seconds", () => {
    const files = Array.from({ length: 100_000 }, (_, index) =>
      makeFile(`dt=2024-01-01/part-${(index * 7919) % 100_000}.log`, 1_000_000 + index),
    );
    // Processor time, since other work on the machine is no fault of the planner.
    const begun = process.cpuUsage();
    expect(plan(files).stages[0]?.tasks).toBeGreaterThan(700);
    const { user, system } = process.cpuUsage(begun);
    expect((user + system) / 1_000).toBeLessThan(2_000);
  });
});

describe("planJob() with a sample stage", () => {
  const outputs = [{ name: "", extension: "txt" }];
  const specOf = (partitions: number | "auto"): JobSpec =>
    makeSpec({
      stages: [
        { kind: "sample", of: 1 },
        { kind: "map", inputs: [0], shuffle: { partitions, pairs: "value", ordered: false, ranges: 0 }, outputs: [] },
        { kind: "reduce", reads: 1, outputs },
      ],
      ...withSplit(10),
    });
  const spec = specOf(2);

  it("gives it one task for each split of its maps, whose splits stand once", () => {
    const { stages, splits } = plan([makeFile("a", 35), makeFile("b", 10)], spec);
    expect(stages.map(({ kind, tasks, partitions, reads }) => [kind, tasks, partitions, reads])).toEqual([
      ["sample", 5, 0, -1],
      ["map", 5, 2, -1],
      ["reduce", 2, 0, 1],
    ]);
    expect(splits.map((list) => list.length)).toEqual([0, 5, 0]);
  });

  it("gives it no task where one partition takes all keys", () => {
    for (const partitions of [1, "auto"] as const) {
      const { stages } = plan([makeFile("a", 35)], specOf(partitions));
      expect(stages.map(({ tasks }) => tasks)).toEqual([0, 4, 1]);
    }
  });

  it("counts its tasks against the limit", () => {
    const files = Array.from({ length: 5 }, (_, index) => makeFile(`${index}`, 10));
    const bounds = { ...limits, tasksMax: 12 };
    expect(planJob(spec, [listed(files)], bounds).kind).toBe("planned");
    expect(planJob(spec, [listed(files)], { ...bounds, tasksMax: 11 })).toMatchObject({ code: "E_TOO_LARGE" });
  });
});

describe("planJob() with numbers", () => {
  const numbers = (count: number, change: Partial<JobSpec> = {}): Plan =>
    plan([], makeSpec(change, [{ name: "numbers", splitting: "numbers", numbers: count }]));

  it("tiles them in splits of even size, 16 at most or as many as the split size makes", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.nat(1_000), fc.maxSafeNat()),
        fc.option(fc.integer({ min: 1, max: 400 }), { nil: undefined }),
        (count, share) => {
          const splitBytes = share === undefined ? undefined : Math.max(1, Math.ceil(count / share));
          const { splits } = numbers(count, splitBytes === undefined ? {} : withSplit(splitBytes));
          const parts = (splits[0] ?? []).flatMap((split) => split.parts);
          expect(parts).toHaveLength(splitBytes === undefined ? Math.min(count, 16) : Math.ceil(count / splitBytes));
          let at = 0;
          for (const { uri, offset, bytes, fileBytes } of parts) {
            expect([uri, offset, fileBytes]).toEqual(["numbers:", at, count]);
            expect(bytes).toBeLessThanOrEqual(splitBytes ?? count);
            at += bytes;
          }
          expect(at).toBe(count);
          const sizes = parts.map(({ bytes }) => bytes);
          if (sizes.length > 0) expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it("counts them neither as files nor as bytes, and refuses too many splits", () => {
    const found = numbers(10);
    expect([found.inputFiles, found.inputBytes, found.stages[1]?.tasks]).toEqual([0, 0, 1]);
    const spec = makeSpec(withSplit(1), [{ name: "numbers", splitting: "numbers", numbers: Number.MAX_SAFE_INTEGER }]);
    expect(planJob(spec, [listed([])])).toMatchObject({ kind: "refused", code: "E_TOO_LARGE" });
  });
});

describe("planHash()", () => {
  it("changes with anything that decides a result, not with hosts", () => {
    const base = plan([makeFile("a", 10), makeFile("b", 20)]);
    const others = [
      plan([makeFile("a", 10), makeFile("b", 21)]),
      plan([makeFile("a", 10), makeFile("c", 20)]),
      plan([makeFile("a", 10), makeFile("b", 20, { modifiedMs: 5 })]),
      plan([makeFile("a", 10), makeFile("b", 20)], makeSpec(withSplit(10))),
    ];
    expect(new Set([base, ...others].map(({ hash }) => hash)).size).toBe(5);
    expect(plan([makeFile("a", 10, { hosts: ["h1"] }), makeFile("b", 20)]).hash).toBe(base.hash);
    const { hash, ...rest } = base;
    expect(planHash(rest)).toBe(hash);
  });

  it("stays what it is, since it seeds random numbers", () => {
    expect(plan([makeFile("a", 10)]).hash).toMatchInlineSnapshot(`"886008d4d033e194343a848ba3f861fa"`);
  });
});

describe("sortByUri()", () => {
  it("gives the order of compareUtf8(), in ASCII and beyond", () => {
    const uri = fc.oneof(fc.string(), fc.string({ unit: "binary" }));
    fc.assert(
      fc.property(fc.array(uri), (uris) => {
        const sorted = sortByUri(uris.map((text) => ({ uri: text }))).map((item) => item.uri);
        expect(sorted).toEqual(uris.toSorted(compareUtf8));
      }),
    );
  });
});

describe("compareUtf8()", () => {
  it("orders like the bytes of UTF-8", () => {
    const text = fc.string({ unit: "grapheme-composite" });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
    expect(compareUtf8("\u{10000}", "\uffff")).toBeGreaterThan(0);
  });
});
