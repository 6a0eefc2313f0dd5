// SequenceFiles and compressed text between Hadoop and Millrace, each way: Hadoop's own client and its own word count read
// what jobs here wrote, and jobs here read what Hadoop's word count wrote. Hadoop has no Zstandard without its native
// libraries, and nothing here writes bzip2.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LocalHdfs } from "@millrace/local-hdfs";
import { scratchDirectory } from "../harness.ts";
import { readRemoteRows, succeed } from "./remote-files.ts";
import { startTestHdfs, testJars } from "./test-hdfs.ts";

const examples = "org.apache.hadoop.examples.ExampleDriver";
const shell = "org.apache.hadoop.fs.FsShell";
const base = "hdfs:///hadoop-files";
const codecClasses = {
  zlib: "DefaultCodec",
  gzip: "GzipCodec",
  snappy: "SnappyCodec",
  lz4: "Lz4Codec",
  bzip2: "BZip2Codec",
} as const;
const codecs = Object.keys(codecClasses) as readonly (keyof typeof codecClasses)[];
const written = [
  { name: "none", options: 'compression: "none"' },
  ...["record", "block"].flatMap((compression) =>
    codecs
      .filter((codec) => codec !== "bzip2")
      .map((codec) => ({
        name: `${compression}-${codec}`,
        options: `compression: "${compression}", codec: "${codec}"`,
      })),
  ),
] as const;

const scratch = scratchDirectory();
const local = (name: string): string => join(scratch.path, name);
let hdfs: LocalHdfs;

beforeAll(async () => {
  hdfs = await startTestHdfs({ jars: await testJars("jobs"), dataNodes: 1 });
  await succeed(["fs", "mkdir", `${base}/written`, `${base}/read`]);
  await succeed(["gen", "text", local("text"), "--bytes", "1500KiB"]);
  await succeed(["fs", "put", local("text"), `${base}/text`]);
  await hdfs.run(examples, ["wordcount", `${base}/text`, `${base}/counts`]);
});
afterAll(async () => {
  await hdfs.stop();
  scratch.remove();
});

/** Run a job whose file is made here. */
async function run(name: string, source: string, paths: readonly string[]): Promise<void> {
  const file = local(`${name}.ts`);
  writeFileSync(file, source);
  await succeed(["run", file, ...paths, "--split-bytes", "128KiB"]);
}

/** Writes each line of a text with how often it comes: records by the thousand, two blocks of a megabyte. */
const lineCounts = (options: string): string => `
import { defineJob, int, sequenceFile, textLines } from "millrace";
export default defineJob({
  name: "line-counts",
  input: textLines(),
  map: (line, emit) => emit(line, 1),
  value: int(),
  reduce: (line, ones, emit) => emit({ key: [...ones].length, value: line }),
  output: sequenceFile({ key: "LongWritable", value: "Text", ${options} }),
});
`;

/** Writes counts of words as Hadoop's word count writes them as text. */
const countsOf = (input: string): string => `
import { defineJob, int, keyValueText, sequenceFile } from "millrace";
export default defineJob({
  name: "counts",
  input: ${input},
  map: ({ key, value }, emit) => emit(key, Number(value)),
  value: int(),
  reduce: (key, counts, emit) => {
    let sum = 0;
    for (const count of counts) sum += count;
    emit({ key, value: String(sum) });
  },
  output: keyValueText(),
});
`;

describe("SequenceFiles that jobs here wrote", () => {
  it(`are read by Hadoop's client and by its word count: ${written.map(({ name }) => name).join(", ")}`, async () => {
    for (const { name, options } of written)
      await run(`write-${name}`, lineCounts(options), [`${base}/text`, `${base}/written/${name}`, "--reduces", "1"]);
    const files = written.map(({ name }) => `${base}/written/${name}/part-r-00000.seq`);

    const lines = readFileSync(local("text"), "utf8").trimEnd().split("\n");
    const expected = [...Map.groupBy(lines, (line) => line)].map(([line, same]) => `${same.length}\t${line}`);
    await hdfs.run(shell, ["-text", ...files], { stdoutPath: local("shown") });
    const shown = readFileSync(local("shown"), "utf8").trimEnd().split("\n");
    expect(shown).toHaveLength(expected.length * written.length);
    for (const [index, { name }] of written.entries()) {
      const part = shown.slice(index * expected.length, (index + 1) * expected.length);
      expect(part.toSorted(), name).toEqual(expected.toSorted());
    }

    // In splits, so that Hadoop looks for marks from the middle of files.
    const classOfInput = "org.apache.hadoop.mapreduce.lib.input.SequenceFileInputFormat";
    await hdfs.run(examples, [
      "wordcount",
      `-Dmapreduce.job.inputformat.class=${classOfInput}`,
      `-Dmapreduce.input.fileinputformat.split.maxsize=${400 * 1024}`,
      `${base}/written/*`,
      `${base}/words-of-sequence-files`,
    ]);
    const words = expected.flatMap((row) => row.slice(row.indexOf("\t") + 1).split(/[ \t]+/u)).filter(Boolean);
    const counts = [...Map.groupBy(words, (word) => word)].map(
      ([word, all]) => `${word}\t${all.length * files.length}`,
    );
    expect((await readRemoteRows(`${base}/words-of-sequence-files`)).toSorted()).toEqual(counts.toSorted());
    console.log(`Hadoop read ${files.length} SequenceFiles of ${expected.length} records each`);
  }, 400_000);
});

describe("files that Hadoop's word count wrote", () => {
  /** Have it write, read that here, and compare with what it writes as plain text. */
  async function readBack(name: string, input: string, settings: readonly string[]): Promise<void> {
    const definitions = settings.map((setting) => `-Dmapreduce.${setting}`);
    await hdfs.run(examples, ["wordcount", ...definitions, `${base}/text`, `${base}/hadoops/${name}`]);
    await run(`read-${name}`, countsOf(input), [`${base}/hadoops/${name}`, `${base}/read/${name}`]);
    expect(await readRemoteRows(`${base}/read/${name}`)).toEqual(await readRemoteRows(`${base}/counts`));
  }

  const asSequenceFiles = "job.outputformat.class=org.apache.hadoop.mapreduce.lib.output.SequenceFileOutputFormat";
  const compressed = (codec: keyof typeof codecClasses): readonly string[] => [
    "output.fileoutputformat.compress=true",
    `output.fileoutputformat.compress.codec=org.apache.hadoop.io.compress.${codecClasses[codec]}`,
  ];

  it.each([
    { name: "none", settings: ["output.fileoutputformat.compress=false"] },
    ...(["record", "block"] as const).flatMap((type) =>
      codecs
        // Hadoop's bzip2 clears megabytes for each record: minutes for this text.
        .filter((codec) => type === "block" || codec !== "bzip2")
        .map((codec) => ({
          name: `${type}-${codec}`,
          settings: [...compressed(codec), `output.fileoutputformat.compress.type=${type.toUpperCase()}`],
        })),
    ),
  ])("are read as SequenceFiles: $name", async ({ name, settings }) => {
    await readBack(name, 'sequenceFile({ key: "Text", value: "IntWritable" })', [asSequenceFiles, ...settings]);
  });

  it.each(codecs)("are read as text: %s", async (codec) => {
    await readBack(`text-${codec}`, "keyValueText()", compressed(codec));
  });
});
