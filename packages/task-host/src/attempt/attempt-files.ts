// The output files of one attempt: the main output's, and those of named outputs, which are made with their first record.

import { MillraceError, invariant, quote } from "@millrace/core";
import type { OutputFile } from "@millrace/core";
import type { NamedWriters, OutputProgram, PartProgram, RecordWriter } from "@millrace/sdk/engine";
import { isOwnError } from "../failure/attempt-error.ts";
import type { AttemptRun } from "./attempt-run.ts";
import { OutputFileWriter } from "./output-file.ts";

/** Make, finish and discard output files. */
export class AttemptFiles {
  readonly #run: AttemptRun;
  /** Records go nowhere: a sample attempt looks at keys alone. */
  readonly #isDry: boolean;
  /** By index of the output. */
  readonly #files = new Map<number, OutputFileWriter>();

  constructor(run: AttemptRun, isDry: boolean) {
    this.#run = run;
    this.#isDry = isDry;
  }

  /** Make the file of an output; discarded with the attempt unless it is finished. */
  open(index: number): OutputFileWriter {
    const { io, program, tryName } = this.#run.input;
    const output = program.outputs[index];
    invariant(output !== undefined, `output ${index} is one of the job's ${program.outputs.length}`);
    const { name, format } = output;
    const folder = name === "" ? "" : `${name}/`;
    const suffix = format.extension === "" ? "" : `.${format.extension}`;
    const path = `${folder}part-${tryName}${suffix}`;
    const file = new OutputFileWriter({
      output: name,
      path,
      open: () => io.createOutput(path),
      writer: this.#watched(output),
      crc32: io.tools.crc32,
    });
    this.#files.set(index, file);
    return file;
  }

  /** The functions that a part writes its named outputs with; an object without prototype. */
  writersOf(part: PartProgram): NamedWriters {
    const writers: Record<string, (record: unknown) => void> = Object.create(null);
    for (const [name, index] of Object.entries(part.outputs)) writers[name] = this.#writer(name, index);
    return Object.freeze(writers);
  }

  /** Note the key under which records were written since the last call. Keys come in order. */
  noteKey(key: Uint8Array): void {
    for (const file of this.#files.values()) file.noteKey(key);
  }

  /** Note a failure to write: of the storage, or of the format, which can be the author's own. @returns it, to be thrown on. */
  noteFailure(thrown: unknown, output: string, part?: number): unknown {
    const place = part === undefined ? {} : { part };
    if (isOwnError(thrown)) return this.#run.note.note(thrown, place);
    return this.#run.note.note(thrown, {
      ...place,
      running: `output format of ${output === "" ? "the output" : output}`,
    });
  }

  /** Finish all files. @returns them in the order of the job's outputs. @throws {MillraceError} E_OUTPUT_WRITE. */
  finish(): readonly OutputFile[] {
    const files = [...this.#files].sort(([a], [b]) => a - b).map(([, file]) => this.#finish(file));
    this.#files.clear();
    return files;
  }

  /** Remove what was not finished. Never throws; twice is fine. */
  discard(): void {
    for (const file of this.#files.values()) file.discard();
    this.#files.clear();
  }

  #finish(file: OutputFileWriter): OutputFile {
    try {
      return file.finish();
    } catch (thrown) {
      throw this.noteFailure(thrown, file.output);
    }
  }

  #watched({ name, format }: OutputProgram): RecordWriter<unknown> {
    const writer = format.createWriter();
    const { onRecord } = this.#run.input;
    if (onRecord === undefined) return writer;
    return {
      begin: (sink) => writer.begin?.(sink),
      write: (record, sink) => {
        writer.write(record, sink);
        onRecord(name, record);
      },
      finish: (sink) => writer.finish?.(sink),
    };
  }

  #writer(name: string, index: number): (record: unknown) => void {
    const run = this.#run;
    const { gate } = run;
    let file: OutputFileWriter | undefined;
    return (record) => {
      if (gate.running !== "map" && gate.running !== "reduce") this.#refuse(name);
      if (this.#isDry) return;
      try {
        file ??= this.open(index);
        file.write(record);
      } catch (thrown) {
        throw this.noteFailure(thrown, name);
      }
    };
  }

  #refuse(name: string): never {
    const { gate, note } = this.#run;
    if (gate.running !== undefined) {
      throw note.note(
        new MillraceError(
          "E_USER_CODE",
          `Cannot write to output ${quote(name)}: "${gate.running}" runs, which has no outputs; write in map or reduce`,
        ),
      );
    }
    throw this.#run.refuseLate(`Cannot write to output ${quote(name)}`);
  }
}
