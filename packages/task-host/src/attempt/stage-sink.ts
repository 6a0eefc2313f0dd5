// Where the records of a stage go: a shuffle, the main output, or nowhere but to named outputs.

import { MillraceError } from "@millrace/core";
import type { MapOutput, MapOutputResult } from "@millrace/data";
import type { Sink, StepEmit } from "@millrace/sdk/engine";
import { meterCells } from "./attempt-meter.ts";
import type { AttemptRun, Caller } from "./attempt-run.ts";
import type { OutputFileWriter } from "./output-file.ts";
import { openShuffleSink } from "./shuffle-sink.ts";

/** An open sink. */
export interface StageSink {
  /** What the last function of the stage is given as `emit`. */
  readonly emit: StepEmit;
  /** The pairs' way to the reduce, for steps that take a batch at once. */
  readonly shuffle?: MapOutput<unknown, unknown, unknown>;
  /** The main output's file, for rows that are made at once. */
  readonly file?: OutputFileWriter;
  /** Write what is kept; the run file of a shuffle. */
  readonly finish: () => MapOutputResult | undefined;
  /** Give memory and files back. Never throws; also after a throw. */
  readonly discard: () => void;
}

/**
 * Open the sink of this attempt's stage.
 *
 * @param caller - whose `emit` it is: the last function of the stage.
 */
export function openSink(run: AttemptRun, sink: Sink, caller: Caller): StageSink {
  if (sink.shuffle !== undefined) return openShuffleSink(run, sink.shuffle, caller);
  const rest = { finish: () => undefined, discard: () => undefined };
  if (sink.output === undefined) return { emit: noOutput(run, caller), ...rest };
  const file = run.files.open(sink.output);
  return { emit: intoOutput(run, file, caller), file, ...rest };
}

function intoOutput(run: AttemptRun, file: OutputFileWriter, caller: Caller): StepEmit {
  const { gate, files } = run;
  const { meter } = run.input;
  const { name, part } = caller;
  return (record) => {
    if (gate.running !== name) run.refuseEmit(caller);
    try {
      file.write(record);
    } catch (thrown) {
      throw files.noteFailure(thrown, file.output, part);
    }
    meter[meterCells.emitted] = file.records;
  };
}

function noOutput(run: AttemptRun, caller: Caller): StepEmit {
  return () => {
    const refusal = new MillraceError(
      "E_USER_CODE",
      'Cannot emit: the job has no main output; write to one of "context.outputs", or give the job an output',
    );
    throw run.note.note(refusal, { part: caller.part });
  };
}
