// A sample attempt: records from seeded places of a split through the operators of the map stage that it is for, of
// which only keys are kept. What they say decides where key ranges are cut, never what a job gives.

import { limits } from "@millrace/core";
import type { CompressionCodec, ConsumedSplits, Split, SplitPart } from "@millrace/core";
import { KeySample } from "@millrace/data";
import { seededRandom } from "@millrace/sdk/engine";
import { hostLimits } from "../host-limits.ts";
import { meterCells, resetMeter } from "./attempt-meter.ts";
import type { AttemptRun } from "./attempt-run.ts";
import { stageOf } from "./attempt-run.ts";
import { chainOperators, lastCaller } from "./chain-operators.ts";
import { RecordFeeder } from "./record-feeder.ts";
import { inputOf } from "./run-map.ts";
import { samplePieces } from "./sample-pieces.ts";

/** What a finished sample attempt read and saw. */
export interface SampleDone {
  readonly consumed: ConsumedSplits;
  /** Beginnings of encoded keys in hexadecimal, ascending. */
  readonly sample: readonly string[];
}

/** Run one sample attempt, which writes nothing. @throws what stopped it; see `AttemptRun.failure`. */
export async function runSample(run: AttemptRun, split: Split, keysMax: number): Promise<SampleDone> {
  resetMeter(run.input.meter, "map", 1);
  const { order, program } = run.input;
  const stage = run.stage();
  const mapped = stage.kind === "sample" ? stageOf(program, stage.of) : undefined;
  const shuffle = mapped?.kind === "map" ? mapped.sink.shuffle : undefined;
  if (mapped?.kind !== "map" || shuffle === undefined)
    throw new TypeError(`stage ${order.attempt.stage} is for no map stage with a shuffle`);
  const { format, first, rest } = inputOf(run, mapped, split);
  await run.setup([first.part, ...rest.map(({ part }) => part)]);
  const random = seededRandom(`${order.brief.seed}/${order.attempt.stage}/${order.attempt.task}/sample`);
  const sample = new KeySample({ key: shuffle.key, keysMax, keyBytesMax: limits.sampleKeyBytesMax, random });
  const caller = { name: "map", part: first.part } as const;
  const emit = chainOperators(run, rest, { sink: keysInto(run, sample, lastCaller(rest, caller).part), caller });
  const feeder = new RecordFeeder(run, { format, operator: first, emit });
  const codecOf = (file: SplitPart): CompressionCodec => feeder.codecOf(file);
  const bytes = readPieces(run, feeder, samplePieces(split, format, { random, codecOf }));
  await run.settle();
  return {
    consumed: { kind: "splits", ranges: [], records: feeder.records, badRecords: 0, bytes },
    sample: sample.sorted().map((key) => Buffer.from(key).toString("hex")),
  };
}

function keysInto(run: AttemptRun, sample: KeySample<unknown>, part: number): (key: unknown) => void {
  const { gate, note } = run;
  const { meter } = run.input;
  const caller = { name: "map", part } as const;
  return (key) => {
    if (gate.running !== "map") run.refuseEmit(caller);
    try {
      sample.take(key);
    } catch (thrown) {
      throw note.note(thrown, { part });
    }
    meter[meterCells.emitted] = sample.count;
  };
}

/** Read pieces until the bound of all. Their order is random, so that where it ends favours no place. */
function readPieces(
  run: AttemptRun,
  feeder: RecordFeeder,
  pieces: readonly { readonly part: SplitPart; readonly bytesMax: number }[],
): number {
  const { meter } = run.input;
  let bytes = 0;
  for (const [index, { part, bytesMax }] of pieces.entries()) {
    // Records can be far longer than a piece.
    if (bytes >= hostLimits.sampleBytesMax) break;
    bytes += feeder.readPiece(part, bytesMax);
    meter[meterCells.done] = (index + 1) / pieces.length;
  }
  return bytes;
}
