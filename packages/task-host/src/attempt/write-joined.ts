// Writes the rows of a join of texts as bytes, where the reduce says in data that they are a key and its texts: no string
// and no object for a row. What they are, the function says: packages/sdk/src/join/each-joined-text.ts.

import { limits } from "@millrace/core";
import { ByteSink } from "@millrace/data";
import type { JoinKind, JoinTarget, ReduceInput } from "@millrace/data";
import type { JoinedTextsPlan, OutputFormat, ParamValues, ReduceProgram, ShuffleProgram } from "@millrace/sdk/engine";
import { hostLimits } from "../host-limits.ts";
import { meterCells } from "./attempt-meter.ts";
import type { AttemptRun } from "./attempt-run.ts";
import type { OutputFileWriter } from "./output-file.ts";

type Groups = ReduceInput<unknown, unknown, unknown>;

/** What rows come from. */
export interface JoinedSource {
  readonly reduce: ReduceProgram;
  readonly shuffle: ShuffleProgram;
  readonly format: OutputFormat<never>;
  /** Of the part whose function the reduce is. */
  readonly params: ParamValues;
}

/** How rows are made. */
export interface Joined {
  readonly kind: JoinKind;
  readonly limits: NonNullable<JoinedTextsPlan["limits"]>;
}

/** Say how rows are made. @returns undefined when each group goes through the reduce. */
export function joinedOf({ reduce, shuffle, format, params }: JoinedSource): Joined | undefined {
  const plan = reduce.kind === "function" ? reduce.plan : undefined;
  if (plan?.kind !== "joined-texts" || plan.limits === undefined) return undefined;
  const { key, pairs } = shuffle;
  if (format.rows?.kind !== "line" || key.wire !== "text" || pairs.kind !== "value") return undefined;
  const { oneOf } = pairs.value.wire as { readonly oneOf?: Readonly<Record<string, unknown>> };
  if (oneOf === undefined || Object.values(oneOf).some((wire) => wire !== "text")) return undefined;
  return { kind: plan.choose(params), limits: plan.limits };
}

/** Where rows go, and what they come from. */
export interface JoinedInto {
  readonly file: OutputFileWriter;
  readonly groups: Groups;
  readonly joined: Joined;
}

/** Write all groups. @throws {MillraceError} E_JOIN_MEMORY, E_VALUE_INVALID, E_OUTPUT_WRITE; {DataError} E_SEGMENT, E_WORK_DISK. */
export function writeJoined(run: AttemptRun, into: JoinedInto): void {
  const { file, groups, joined } = into;
  const rows = new Rows(run, into);
  const { firstKey, lastKey } = groups.writeJoin(joined, rows);
  rows.flush();
  if (firstKey !== undefined && lastKey !== undefined) file.noteKeys(firstKey, lastKey);
}

/** Lines on their way to the file. */
class Rows implements JoinTarget {
  /** Rows that were put together here. */
  count = 0;
  readonly #run: AttemptRun;
  readonly #file: OutputFileWriter;
  readonly #into: JoinedInto;
  readonly #sink = new ByteSink(hostLimits.writeBytes);
  #begin = 0;
  #waiting = 0;

  constructor(run: AttemptRun, into: JoinedInto) {
    this.#run = run;
    this.#file = into.file;
    this.#into = into;
  }

  /** Begin a row with its key. */
  begin(key: Uint8Array, length: number): this {
    this.#begin = this.#sink.length;
    return this.add(key, 0, length);
  }

  /** Append a text. */
  add(bytes: Uint8Array, begin: number, end: number): this {
    this.#sink.writeBytes(bytes, begin, end);
    return this;
  }

  /** End the row. What the format's writer refuses, it is given. */
  end(): void {
    const sink = this.#sink;
    const { length } = sink;
    this.count += 1;
    sink.writeByte(0x0a);
    if (length - this.#begin >= limits.recordBytesMax || hasLineFeed(sink.bytes, this.#begin, length)) {
      this.#writeHard(new TextDecoder("utf-8", { ignoreBOM: true }).decode(sink.bytes.slice(this.#begin, length)));
      return;
    }
    this.#waiting += 1;
    if (sink.length >= hostLimits.writeBytes) this.flush();
  }

  /** Hand rows on that kernels have put together. */
  rows(bytes: Uint8Array, records: number): void {
    this.flush();
    this.#guard(() => {
      this.#file.writeRows(bytes, records);
    });
  }

  progress(pairs: number): void {
    const { meter } = this.#run.input;
    meter[meterCells.records] = pairs;
    meter[meterCells.done] = pairs;
  }

  refuse(count: number): never {
    const { groups, joined } = this.#into;
    // Thrown by the function, as the author's errors are.
    this.#run.gate.running = "reduce";
    throw joined.limits.tooLarge(groups.key(), count);
  }

  /** Hand all rows on. */
  flush(): void {
    const records = this.#waiting;
    if (records === 0) return;
    this.#guard(() => {
      this.#file.writeRows(this.#sink.view(), records);
    });
    this.#sink.clear();
    this.#waiting = 0;
  }

  #writeHard(line: string): void {
    this.#sink.length = this.#begin;
    this.flush();
    this.#sink.clear();
    this.#guard(() => {
      this.#file.write(line);
    });
  }

  #guard(write: () => void): void {
    try {
      write();
    } catch (thrown) {
      throw this.#run.files.noteFailure(thrown, this.#file.output, this.#run.part);
    }
    this.#run.input.meter[meterCells.emitted] = this.#file.records;
  }
}

/** A loop: rows are short, and a call of `indexOf` takes as long as 50 bytes of it. */
function hasLineFeed(bytes: Uint8Array, begin: number, end: number): boolean {
  for (let at = begin; at < end; at++) if (bytes[at] === 0x0a) return true;
  return false;
}
