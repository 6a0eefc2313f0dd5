// Draw a job of a run: its program, inputs, reducers, options; and put its input files into storage.

import { defaultJobOptions } from "@millrace/core";
import type { JobSpec, StageSpec } from "@millrace/core";
import type { RandomStream } from "../random-stream.ts";
import type { Simulation } from "../simulation.ts";
import type { FileTree } from "../storage/file-tree.ts";
import type { InputArchive } from "./input-archive.ts";
import { programs, wordsByCount } from "./programs.ts";
import type { Program } from "./programs.ts";

/** A job that a client of the run will submit. */
export interface DrawnJob {
  readonly index: number;
  readonly program: Program;
  readonly spec: JobSpec;
  /** Directory that it reads. */
  readonly inputUri: string;
  readonly idempotencyKey: string | undefined;
  readonly submitAtMs: number;
  /** When to kill it; undefined for never. */
  readonly killAtMs: number | undefined;
  /** Whether it is submitted a second time with the same key. */
  readonly twice: boolean;
  /** Whether an older output stands where it writes. */
  readonly overOld: boolean;
}

const vocabulary = [
  "a",
  "an",
  "and",
  "mill",
  "race",
  "water",
  "wheel",
  "__proto__",
  "constructor",
  "\u00e4hre",
  "\ue000",
  "\u{1f600}",
  "grinding",
  "millstone",
  "0",
  "-1",
];

/** Where inputs are put. */
export interface InputPlace {
  readonly tree: FileTree;
  readonly archive: InputArchive;
}

/** Draw one job and write its inputs. */
export function drawJob(world: Simulation, { tree, archive }: InputPlace, index: number): DrawnJob {
  const stream = world.stream("workload", index);
  const program = stream.chance(world.options.chained) ? wordsByCount : stream.pick(programs);
  const inputUri = `sim://store/in/${index}`;
  writeInputs(stream, { tree, archive }, inputUri, program);
  const overOld = stream.chance(0.25);
  const shared = index > 0 && stream.chance(world.options.shareOutput);
  const outputUri = `sim://store/out/${shared ? index - 1 : index}`;
  if (overOld) writeOldOutput(tree, outputUri);
  const spec = makeSpec(stream, program, { inputUri, outputUri, overwrite: overOld });
  const keyed = stream.chance(0.5);
  return {
    index,
    program,
    spec,
    inputUri,
    idempotencyKey: keyed ? `key-${index}` : undefined,
    submitAtMs: stream.integer(0, Math.floor(world.options.faultsUntilMs / 2)),
    killAtMs: stream.chance(world.options.killJob) ? stream.integer(1_000, world.options.faultsUntilMs) : undefined,
    twice: keyed && stream.chance(0.5),
    overOld,
  };
}

function writeInputs(stream: RandomStream, { tree, archive }: InputPlace, uri: string, program: Program): void {
  const bad = stream.chance(0.2) ? 0.3 * stream.float() : 0;
  tree.makeDirectory(uri);
  const files = stream.chance(0.06) ? 0 : stream.integer(1, 4);
  for (let file = 0; file < files; file += 1) {
    const lines = stream.chance(0.2) ? 0 : stream.integer(1, 30);
    let text = "";
    for (let line = 0; line < lines; line += 1)
      text += (stream.chance(bad) ? "?" : "") + drawLine(stream) + (stream.chance(0.1) ? "\r\n" : "\n");
    if (program.throws === "always" && stream.chance(0.5)) text += "poison\n";
    if (stream.chance(0.3)) text = text.slice(0, -1);
    archive.write(tree, `${uri}/f${file}`, new TextEncoder().encode(text), 1_600_000_000_000 + file);
  }
  if (stream.chance(0.1)) tree.writeFile(`${uri}/_hidden`, new TextEncoder().encode("not read\n"), 1);
}

function drawLine(stream: RandomStream): string {
  const count = stream.integer(0, 6);
  const line = Array.from({ length: count }, () => stream.pick(vocabulary)).join(" ");
  return stream.chance(0.05) ? `! ${line}` : line;
}

function writeOldOutput(tree: FileTree, uri: string): void {
  const manifest = {
    format: "millrace-manifest",
    version: 1,
    job: "job-00000000000000000000000000",
    name: "old",
    planHash: "",
    parts: [],
    counters: {},
  };
  tree.writeFile(`${uri}/_SUCCESS`, new TextEncoder().encode(JSON.stringify(manifest)), 1);
  tree.writeFile(`${uri}/part-r-00000.txt`, new TextEncoder().encode("old\n"), 1);
}

function makeSpec(
  stream: RandomStream,
  program: Program,
  where: { readonly inputUri: string; readonly outputUri: string; readonly overwrite: boolean },
): JobSpec {
  return {
    name: program.name,
    bundle: { sha256: "0".repeat(64), bytes: 1 },
    dataVersion: 1,
    nodeMajor: 24,
    inputs: [
      {
        patterns: [where.inputUri],
        format: { name: "text-lines", splitting: stream.chance(0.8) ? "delimiter" : "none" },
      },
    ],
    stages: makeStages(stream, program),
    output: { uri: where.outputUri, overwrite: where.overwrite },
    params: {},
    options: {
      ...defaultJobOptions,
      priority: stream.pick([0, 0, 0, 10, -10]),
      splitBytes: stream.integer(16, 400),
      taskTimeoutMs: 20_000,
      attemptsMax: stream.pick([4, 4, 2]),
      badRecordsMax: stream.pick([0.01, 0.1, 1]),
      inputGrowth: stream.pick(["refuse", "prefix"]),
    },
  };
}

function makeStages(stream: RandomStream, program: Program): StageSpec[] {
  const main = [{ name: "", extension: "txt" }];
  const side = program.side ? [{ name: "side", extension: "txt" }] : [];
  const stages: StageSpec[] = [];
  for (let stage = 0; stage <= program.reduces.length; stage += 1) {
    const pairs = program.shuffles[stage];
    const outputs = [...(pairs === undefined ? main : []), ...(stage === 0 ? side : [])];
    const shuffle =
      pairs === undefined
        ? {}
        : {
            shuffle: {
              partitions: stream.chance(0.2) ? ("auto" as const) : stream.integer(1, 5),
              pairs,
              ordered: false,
            },
          };
    stages.push(
      stage === 0
        ? { kind: "map", inputs: [0], ...shuffle, outputs }
        : { kind: "reduce", reads: stage - 1, ...shuffle, outputs },
    );
  }
  return stages;
}
