// Draw a job of a run: its program, inputs, reducers, options; and put its input files into storage.

import { defaultJobOptions } from "@millrace/core";
import type { InputSpec, JobSpec, StageSpec } from "@millrace/core";
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
  const shape = drawShape(world.stream("shape", index));
  const overOld = stream.chance(0.25);
  const shared = index > 0 && stream.chance(world.options.shareOutput);
  const outputUri = `sim://store/out/${shared ? index - 1 : index}`;
  if (overOld) writeOldOutput(tree, outputUri);
  const spec = makeSpec(stream, { program, shape }, { inputUri, outputUri, overwrite: overOld });
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

/** What a job is like beside its program. */
interface JobShape {
  /** Whether its first shuffle has key ranges, if it has a shuffle. */
  readonly ranged: boolean;
  /** Which stages write to the output `side`. */
  readonly side: "none" | "map" | "all";
  /** How many numbers it reads, instead of files or beside them. */
  readonly numbers: number | undefined;
  readonly both: boolean;
}

/** Drawn from a stream of its own, so that what else a seed draws stays what it was. */
function drawShape(stream: RandomStream): JobShape {
  return {
    ranged: stream.chance(0.3),
    side: stream.pick(["none", "none", "map", "all"]),
    numbers: stream.chance(0.15) ? stream.integer(0, 80) : undefined,
    both: stream.chance(0.4),
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
  { program, shape }: { readonly program: Program; readonly shape: JobShape },
  where: { readonly inputUri: string; readonly outputUri: string; readonly overwrite: boolean },
): JobSpec {
  const files = {
    ...(shape.both ? { name: "lines" } : {}),
    patterns: [where.inputUri],
    format: { name: "text-lines", splitting: stream.chance(0.8) ? ("delimiter" as const) : ("none" as const) },
  };
  const { numbers } = shape;
  const counted: readonly InputSpec[] =
    numbers === undefined
      ? []
      : [{ name: "count", patterns: [], format: { name: "numbers", splitting: "numbers", numbers } }];
  const inputs = numbers === undefined || shape.both ? [files, ...counted] : counted;
  return {
    name: program.name,
    bundle: { sha256: "0".repeat(64), bytes: 1 },
    dataVersion: 1,
    nodeMajor: 24,
    inputs,
    stages: makeStages(stream, { program, shape, inputs: inputs.length }),
    output: { uri: where.outputUri, overwrite: where.overwrite },
    params: {},
    options: {
      ...defaultJobOptions,
      priority: stream.pick([0, 0, 0, 10, -10]),
      splitBytes: inputs.includes(files) ? stream.integer(16, 400) : stream.pick(["auto", 7]),
      taskTimeoutMs: 20_000,
      attemptsMax: stream.pick([4, 4, 2]),
      badRecordsMax: stream.pick([0.01, 0.1, 1]),
      inputGrowth: stream.pick(["refuse", "prefix"]),
    },
  };
}

function makeStages(
  stream: RandomStream,
  { program, shape, inputs }: { readonly program: Program; readonly shape: JobShape; readonly inputs: number },
): StageSpec[] {
  const main = [{ name: "", extension: "txt" }];
  const side = [{ name: "side", extension: "txt" }];
  const ranged = shape.ranged && program.shuffles.length > 0;
  const stages: StageSpec[] = ranged ? [{ kind: "sample", of: 1 }] : [];
  for (let level = 0; level <= program.reduces.length; level += 1) {
    const pairs = program.shuffles[level];
    const aside = shape.side === "all" || (shape.side === "map" && level === 0);
    const outputs = [...(pairs === undefined ? main : []), ...(aside ? side : [])];
    const partitions = stream.chance(0.2) ? ("auto" as const) : stream.integer(1, 5);
    const ranges = ranged && level === 0 ? { ranges: 0 } : {};
    const shuffle = pairs === undefined ? {} : { shuffle: { partitions, pairs, ordered: false, ...ranges } };
    stages.push(
      level === 0
        ? { kind: "map", inputs: Array.from({ length: inputs }, (_, input) => input), ...shuffle, outputs }
        : { kind: "reduce", reads: stages.length - 1, ...shuffle, outputs },
    );
  }
  return stages;
}
