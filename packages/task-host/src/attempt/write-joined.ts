// Writes the rows of a join of texts as bytes, where the reduce says in data that they are a key and its texts: no string
// and no object for a row. What they are, the function says: packages/sdk/src/join/each-joined-text.ts.

import { limits } from "@millrace/core";
import { ByteSink } from "@millrace/data";
import type { ReduceInput } from "@millrace/data";
import type {
  JoinedTextsPlan,
  JoinKind,
  OutputFormat,
  ParamValues,
  ReduceProgram,
  ShuffleProgram,
} from "@millrace/sdk/engine";
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
export function writeJoined(run: AttemptRun, { file, groups, joined }: JoinedInto): void {
  const { meter } = run.input;
  const rows = new Rows(run, file);
  const group = new Group(groups, rows);
  let firstKey: Uint8Array | undefined;
  const lastKey = new ByteSink(64);
  while (groups.nextGroup()) {
    const before = rows.count;
    if (!group.keepFirst(joined.limits)) {
      // Thrown by the function, as the author's errors are.
      run.gate.running = "reduce";
      throw joined.limits.tooLarge(groups.key(), group.count);
    }
    group.write(joined.kind);
    if (rows.count > before) {
      lastKey.clear();
      groups.appendKey(lastKey);
      firstKey ??= lastKey.toBytes();
    }
    meter[meterCells.records] = groups.pairsRead;
    meter[meterCells.done] = groups.pairsRead;
  }
  rows.flush();
  if (firstKey !== undefined) file.noteKeys(firstKey, lastKey.view());
}

/** The values of one key: those of the first input are kept, those of the second pass by. A value is a byte that names its input, then text. */
class Group {
  readonly #groups: Groups;
  readonly #rows: Rows;
  readonly #key = new ByteSink(256);
  readonly #first = new ByteSink(4_096);
  /** Where each kept value ends. */
  readonly #ends: number[] = [];
  /** The value at hand of the second input. */
  readonly #second = new ByteSink(256);
  #hasSecond = false;

  constructor(groups: Groups, rows: Rows) {
    this.#groups = groups;
    this.#rows = rows;
  }

  /** Values of the first input. */
  get count(): number {
    return this.#ends.length;
  }

  /** Read the values of the first input, and one of the second. @returns false when they take more than they may. */
  keepFirst({ bytesMax, overheadBytes }: Joined["limits"]): boolean {
    const first = this.#first;
    this.#key.clear();
    this.#groups.appendKey(this.#key);
    first.clear();
    this.#ends.length = 0;
    this.#hasSecond = false;
    while (this.#groups.nextPair()) {
      const begin = first.length;
      this.#groups.appendValue(first);
      if (first.bytes[begin] !== 0) {
        this.#second.clear();
        this.#second.writeBytes(first.bytes, begin, first.length);
        this.#hasSecond = true;
        return true;
      }
      if (first.length + (this.#ends.length + 1) * overheadBytes > bytesMax) return false;
      this.#ends.push(first.length);
    }
    return true;
  }

  /** Write the rows of the key. What is not read of the second input, the next group passes over. */
  write(kind: JoinKind): void {
    const isAlone = this.#ends.length === 0;
    if (kind === "semi" || kind === "anti") {
      if (this.#hasSecond === (kind === "semi")) this.#writeFirst();
    } else if (!this.#hasSecond) {
      if (kind === "left" || kind === "outer") this.#writeFirst();
    } else if (!isAlone || kind === "right" || kind === "outer") this.#writeBoth(isAlone);
  }

  #writeFirst(): void {
    let begin = 0;
    for (const end of this.#ends) {
      this.#rows
        .begin(this.#key.bytes, this.#key.length)
        .add(this.#first.bytes, begin + 1, end)
        .end();
      begin = end;
    }
  }

  #writeBoth(isAlone: boolean): void {
    const [rows, key, first, second] = [this.#rows, this.#key, this.#first, this.#second];
    for (let hasMore = true; hasMore; hasMore = this.#nextSecond()) {
      if (isAlone) rows.begin(key.bytes, key.length).add(second.bytes, 1, second.length).end();
      let begin = 0;
      for (const end of this.#ends) {
        rows
          .begin(key.bytes, key.length)
          .add(first.bytes, begin + 1, end)
          .add(second.bytes, 1, second.length)
          .end();
        begin = end;
      }
    }
  }

  #nextSecond(): boolean {
    if (!this.#groups.nextPair()) return false;
    this.#second.clear();
    this.#groups.appendValue(this.#second);
    return true;
  }
}

/** Lines on their way to the file. */
class Rows {
  /** Rows in all. */
  count = 0;
  readonly #run: AttemptRun;
  readonly #file: OutputFileWriter;
  readonly #sink = new ByteSink(hostLimits.writeBytes);
  #begin = 0;
  #waiting = 0;

  constructor(run: AttemptRun, file: OutputFileWriter) {
    this.#run = run;
    this.#file = file;
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
