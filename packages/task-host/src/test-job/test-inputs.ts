// The inputs of a test as files in memory, cut into splits as planning would cut them, only smaller: at even places, in
// the middle of records where they fall so, for formats that can be read from anywhere.

import { MillraceError, didYouMean, quote } from "@millrace/core";
import type { Split, SplitPart } from "@millrace/core";
import type { Framing } from "@millrace/data";
import type { InputFormat, JobProgram } from "@millrace/sdk/engine";

/** One record of an input, or for formats whose record is a file the content of one. */
export type TestRecord = string | Uint8Array;

/** What a test gives to a job's inputs. */
export interface GivenInputs {
  readonly input?: readonly TestRecord[];
  readonly inputs?: Readonly<Record<string, readonly TestRecord[]>>;
}

/** Splits of one input; `files` are those that its parts name. */
export interface TestInput {
  readonly splits: readonly Split[];
  readonly files: ReadonlyMap<string, Uint8Array>;
}

const encoder = new TextEncoder();
const bytesOf = (record: TestRecord): Uint8Array => (typeof record === "string" ? encoder.encode(record) : record);

/**
 * Make the inputs of a job, in its order.
 *
 * @param numbers - how far each input counts, by index; undefined for those that are read.
 * @throws {MillraceError} E_JOB_INVALID when the test gives other inputs than the job has.
 */
export function makeTestInputs(
  program: JobProgram,
  given: GivenInputs,
  options: { readonly maps: number; readonly numbers: readonly (number | undefined)[] },
): readonly TestInput[] {
  checkNames(program, given);
  return program.inputs.map(({ name, format }, input) => {
    const records = (name === "" ? given.input : given.inputs?.[name]) ?? [];
    const place = { input, maps: options.maps, uri: name === "" ? "memory:/input" : `memory:/input/${name}` };
    const count = options.numbers[input];
    return count === undefined ? readInput(format, records, place) : countInput(count, records, place);
  });
}

interface Place {
  readonly input: number;
  readonly maps: number;
  readonly uri: string;
}

function checkNames(program: JobProgram, given: GivenInputs): void {
  const refuse = (reason: string): never => {
    throw new MillraceError("E_JOB_INVALID", `Cannot test job ${quote(program.name)}: ${reason}`);
  };
  const names = program.inputs.map(({ name }) => name).filter((name) => name !== "");
  const list = names.map((name) => quote(name)).join(", ");
  for (const name of Object.keys(given.inputs ?? {})) {
    if (names.length === 0) refuse(`it has one input without a name; give "input", not "inputs"`);
    if (!names.includes(name))
      refuse(`it has no input ${quote(name)}${didYouMean(name, names)}; its inputs are ${list}`);
  }
  if (given.input !== undefined && names.length > 0)
    refuse(`its inputs have names, ${list}; give "inputs" with a list for each, not "input"`);
  for (const { name, format } of program.inputs) {
    const records = name === "" ? given.input : given.inputs?.[name];
    if (records !== undefined || format.splitting === "numbers") continue;
    refuse(
      name === ""
        ? 'it reads an input; give "input": a list of its records'
        : `it reads ${quote(name)}; give it in "inputs"`,
    );
  }
}

function countInput(count: number, records: readonly TestRecord[], { input, maps, uri }: Place): TestInput {
  if (records.length > 0)
    throw new MillraceError(
      "E_JOB_INVALID",
      `Cannot test with ${quote(uri)}: the job counts numbers and reads no records; leave them out`,
    );
  const cut = (at: number): number => Math.floor((count * at) / maps);
  const splits = Array.from({ length: maps }, (_, task) => {
    const offset = cut(task);
    return splitOf(input, [{ ...partOf("numbers:", count), offset, bytes: cut(task + 1) - offset }]);
  });
  return { splits, files: new Map() };
}

function readInput(format: InputFormat<unknown>, records: readonly TestRecord[], place: Place): TestInput {
  if (format.framing.kind === "whole-file") return wholeFiles(records, place);
  if (format.framing.kind === "sync-mark") return markedFiles(records, place);
  const bytes = joinRecords(records, format.framing);
  const files = new Map([[place.uri, bytes]]);
  const part = partOf(place.uri, bytes.length);
  // What cannot be cut is one split: the other tasks have none of it.
  const tasks = format.splitting === "none" ? 1 : place.maps;
  const cut = (at: number): number => Math.min(bytes.length, Math.floor((bytes.length * at) / tasks));
  const splits = Array.from({ length: place.maps }, (_, task) => {
    const offset = cut(task);
    const length = cut(task + 1) - offset;
    return splitOf(place.input, length === 0 ? [] : [{ ...part, offset, bytes: length }]);
  });
  return { splits, files };
}

/** Each record is a file; tasks have neighbours, as small files are packed. */
function wholeFiles(records: readonly TestRecord[], { input, maps, uri }: Place): TestInput {
  const files = new Map(records.map((record, index) => [`${uri}/${String(index).padStart(6, "0")}`, bytesOf(record)]));
  const parts = [...files].map(([name, bytes]) => partOf(name, bytes.length)).filter(({ bytes }) => bytes > 0);
  const cut = (at: number): number => Math.floor((parts.length * at) / maps);
  const splits = Array.from({ length: maps }, (_, task) => splitOf(input, parts.slice(cut(task), cut(task + 1))));
  return { splits, files };
}

/** Each record is a file with a header and marks; each task has a part of every one. */
function markedFiles(records: readonly TestRecord[], { input, maps, uri }: Place): TestInput {
  const files = new Map(records.map((record, index) => [`${uri}/${String(index).padStart(6, "0")}`, bytesOf(record)]));
  const splits = Array.from({ length: maps }, (_, task) => {
    const parts = [...files].map(([name, { length }]) => {
      const [offset, end] = [Math.floor((length * task) / maps), Math.floor((length * (task + 1)) / maps)];
      return { ...partOf(name, length), offset, bytes: end - offset };
    });
    return splitOf(
      input,
      parts.filter(({ bytes }) => bytes > 0),
    );
  });
  return { splits, files };
}

function splitOf(input: number, parts: readonly SplitPart[]): Split {
  return { input, parts, bytes: parts.reduce((sum, part) => sum + part.bytes, 0), hosts: [] };
}

function partOf(uri: string, fileBytes: number): SplitPart {
  return { uri, offset: 0, bytes: fileBytes, fileBytes, modifiedMs: 0, codec: "none" };
}

function joinRecords(records: readonly TestRecord[], framing: Framing): Uint8Array {
  const delimiter = delimiterOf(framing);
  const pieces = records.flatMap((record, index) => [checkSize(bytesOf(record), index, framing), delimiter]);
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

function delimiterOf(framing: Framing): Uint8Array {
  if (framing.kind === "fixed") return new Uint8Array();
  return framing.kind === "delimited" && framing.delimiter !== "line" ? framing.delimiter : encoder.encode("\n");
}

/** A record of another length would move all that follow it. */
function checkSize(bytes: Uint8Array, index: number, framing: Framing): Uint8Array {
  if (framing.kind !== "fixed" || bytes.length === framing.bytes) return bytes;
  throw new MillraceError(
    "E_JOB_INVALID",
    `Cannot test with record ${index}: it has ${bytes.length} bytes, and the input format reads records of ${framing.bytes}; give each that many`,
  );
}
