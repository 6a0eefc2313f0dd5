// The conformance kit for inputs: what every input format must keep, checked on samples. For the tests of whoever writes
// a format, and of those that come with Millrace.

import { MillraceError, isMillraceError, quote } from "@millrace/core";
import type { Input } from "@millrace/sdk";
import { type InputFormat, inputFormatOf } from "@millrace/sdk/engine";
import { checkFormatArgument, checkInputSamples } from "./check-arguments.ts";
import { type Outcome, type ReadPlan, type SampleFile, readInSplits, readPacked } from "./read-in-splits.ts";
import { showRecord } from "./show-record.ts";

/** A whole file, and what should come of it. */
export interface InputSample {
  readonly bytes: string | Uint8Array;
  /** The records in their order, compared by value; not compared when absent. */
  readonly records?: readonly unknown[];
  /** How many bad records there are; 0 when absent and `records` is there. */
  readonly bad?: number;
}

/** What was checked. */
export interface InputReport {
  /** Records and bad records of all samples. */
  readonly records: number;
  readonly badRecords: number;
  /** Different ways in which files were read. */
  readonly readings: number;
}

/** Most characters of a reason: it stands in tables and messages. */
const reasonCharactersMax = 200;
/** Most places at which a sample is cut in two, and at which it is damaged: evenly spread over a longer one. */
const placesMax = 400;
const whole: ReadPlan = { cuts: [], chunkBytes: 1 << 20, filler: 0x22 };

/**
 * Check an input format on samples of files:
 *
 * - any cutting of a file into splits and chunks gives the same records in the same order, each exactly once;
 * - a reader looks at the bytes of its record alone and keeps nothing of them: all is overwritten after each call, and
 *   the records are compared after the last;
 * - a reader of several files (`begin` and `finish` around each) gives what a reader for each would;
 * - a bad record has a reason: a short clause on one line, the same each time;
 * - cut-off and damaged files give records and bad records, or a `MillraceError` such as that of a wrong header;
 * - the records are those that the sample expects.
 *
 * @returns how much was checked, so that a test can see that it was something.
 * @throws {MillraceError} E_JOB_INVALID that names the sample and the rule that is broken.
 * @example
 * ```ts
 * checkInputFormat(jsonLines(), [{ bytes: '{"id":1}\nno json\n', records: [{ id: 1 }], bad: 1 }]);
 * ```
 */
export function checkInputFormat<R>(input: Input<R>, samples: readonly InputSample[]): InputReport {
  checkFormatArgument(input, { call: "checkInputFormat", kind: "input", what: "its first argument" });
  checkInputSamples(samples);
  const check = new InputCheck(inputFormatOf(input) as InputFormat<unknown>);
  const files = samples.map((sample, index) => ({ uri: `sample:${index}`, bytes: bytesOf(sample.bytes) }));
  files.forEach((file, index) => check.checkFile(file, samples[index] ?? { bytes: "" }));
  check.checkPacked(files);
  return check.report();
}

class InputCheck {
  readonly #format: InputFormat<unknown>;
  #records = 0;
  #badRecords = 0;
  #readings = 0;

  constructor(format: InputFormat<unknown>) {
    this.#format = format;
    if (format.splitting === "numbers") this.#refuse("it reads no files", "check the job that uses it");
  }

  report(): InputReport {
    return { records: this.#records, badRecords: this.#badRecords, readings: this.#readings };
  }

  checkFile(file: SampleFile, sample: InputSample): void {
    const outcomes = this.#read(file, whole);
    const bad = outcomes.flatMap((outcome) => ("bad" in outcome ? [outcome.bad] : []));
    this.#records += outcomes.length - bad.length;
    this.#badRecords += bad.length;
    this.#compareExpected(file, sample, outcomes);
    for (const reason of bad) this.#checkReason(file, reason);
    for (const plan of this.#plans(file.bytes.length)) {
      this.#compare(file, { plan, outcomes, got: this.#read(file, plan) });
    }
    for (const damaged of damagedFiles(file)) this.#checkDamaged(damaged);
  }

  /** One reader for all files gives what one for each does. */
  checkPacked(files: readonly SampleFile[]): void {
    for (const order of [files, files.toReversed()]) {
      const outcomes = order.flatMap((file) => this.#read(file, whole));
      this.#readings++;
      const got = readPacked(this.#format, order, { cuts: [], chunkBytes: 7, filler: 0x0a });
      const uri = order.map((file) => file.uri).join(" and ");
      this.#compare({ uri, bytes: new Uint8Array() }, { plan: whole, outcomes, got });
    }
  }

  #read(file: SampleFile, plan: ReadPlan): readonly Outcome[] {
    this.#readings++;
    return readInSplits(this.#format, file, plan);
  }

  #plans(bytes: number): readonly ReadPlan[] {
    const chunks = [1, 2, 3, 5, 64].map((chunkBytes) => ({ cuts: [], chunkBytes, filler: 0x00 }));
    if (this.#format.splitting === "none") return chunks;
    const halves = spread(1, bytes - 1).map((cut) => ({ cuts: [cut], chunkBytes: 1 + (cut % 9), filler: cut % 128 }));
    const many = [1, 2, 3, 7, 31]
      .filter((step) => bytes / step <= placesMax)
      .map((step) => ({
        cuts: Array.from({ length: Math.max(0, Math.ceil(bytes / step) - 1) }, (_, index) => (index + 1) * step),
        chunkBytes: 4,
        filler: 0x0a,
      }));
    return [...chunks, ...halves, ...many];
  }

  #compareExpected(file: SampleFile, sample: InputSample, outcomes: readonly Outcome[]): void {
    if (sample.records === undefined) return;
    const records = outcomes.flatMap((outcome) => ("record" in outcome ? [outcome.record] : []));
    const wanted = sample.records.map(showRecord);
    const index = Math.max(wanted.length, records.length);
    const at = wanted.findIndex((record, place) => record !== records[place]);
    if (at >= 0 || index > wanted.length) {
      const place = at < 0 ? wanted.length : at;
      this.#refuse(
        `record ${place} of ${file.uri} is ${records[place] ?? "not there"}, expected was ${wanted[place] ?? "none"}`,
        "mend the format or the sample",
      );
    }
    const bad = outcomes.length - records.length;
    if (bad !== (sample.bad ?? 0))
      this.#refuse(
        `${file.uri} has ${bad} bad records, expected were ${sample.bad ?? 0}`,
        "mend the format or the sample",
      );
  }

  #compare(
    file: SampleFile,
    { plan, outcomes, got }: { plan: ReadPlan; outcomes: readonly Outcome[]; got: readonly Outcome[] },
  ): void {
    for (let index = 0; index < Math.max(outcomes.length, got.length); index++) {
      const wanted = JSON.stringify(outcomes[index]);
      const given = JSON.stringify(got[index]);
      if (wanted === given) continue;
      const how =
        plan === whole ? "by one reader" : `cut at [${plan.cuts.join(", ")}] in chunks of ${plan.chunkBytes} bytes`;
      this.#refuse(
        `record ${index} of ${file.uri} read ${how} is ${given ?? "not there"}, but ${wanted ?? "not there"} when read whole`,
        "declare splitting none, keep nothing of the bytes, and reset the reader in begin",
      );
    }
  }

  #checkReason(file: SampleFile, reason: string): void {
    if (reason !== "" && reason.length <= reasonCharactersMax && !/[\r\n]/u.test(reason)) return;
    this.#refuse(
      `the reason ${quote(reason)} of a bad record of ${file.uri} is no clause of 1 to ${reasonCharactersMax} characters on one line`,
      "say in reason() what is wrong with the line",
    );
  }

  /** Whatever the bytes are, a reader gives records, bad records or a failure that names itself. */
  #checkDamaged(file: SampleFile): void {
    try {
      for (const outcome of this.#read(file, whole)) if ("bad" in outcome) this.#checkReason(file, outcome.bad);
    } catch (thrown) {
      if (isMillraceError(thrown)) return;
      this.#refuse(
        `${file.uri} makes the reader throw ${quote(String(thrown))}`,
        "give badRecord and a reason for what is no record",
      );
    }
  }

  #refuse(reason: string, hint: string): never {
    throw new MillraceError(
      "E_JOB_INVALID",
      `Cannot accept the input format ${quote(this.#format.name)}: ${reason}; ${hint}`,
    );
  }
}

/** Files that end too early, or have a byte that is wrong. */
function damagedFiles(file: SampleFile): readonly SampleFile[] {
  return spread(0, file.bytes.length - 1).flatMap((place) => {
    const damaged = file.bytes.slice();
    // A NUL, a quote, a byte that is no UTF-8, a line feed: by turns.
    damaged[place] = [0x00, 0x22, 0xff, 0x0a, 0x5c][place % 5] ?? 0;
    return [
      { uri: `${file.uri} cut off at ${place}`, bytes: file.bytes.slice(0, place) },
      { uri: `${file.uri} with another byte ${place}`, bytes: damaged },
    ];
  });
}

/** Numbers from `first` to `last`, at most {@link placesMax}, evenly spread. */
function spread(first: number, last: number): readonly number[] {
  const step = Math.max(1, (last - first + 1) / placesMax);
  const places: number[] = [];
  for (let place = first; place <= last; place += step) places.push(Math.floor(place));
  return places;
}

/** A copy of a sample's bytes. `slice` of a Buffer is a view of it, and what is overwritten would be the sample. */
function bytesOf(bytes: string | Uint8Array): Uint8Array {
  return typeof bytes === "string" ? new TextEncoder().encode(bytes) : new Uint8Array(bytes);
}
