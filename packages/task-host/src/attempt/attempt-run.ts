// What one running attempt consists of, shared by the runners of all stages: the order, the job's program, where user
// code is, and what has been counted.

import { MillraceError, attemptName, invariant, quote } from "@millrace/core";
import type { AttemptFailure, OutputFile } from "@millrace/core";
import type { KernelMemory } from "@millrace/data";
import type { AttemptOrder } from "@millrace/ports";
import { EmitGate, checkReturned, parseParams } from "@millrace/sdk/engine";
import type { JobProgram, StageProgram, UserFunctionName } from "@millrace/sdk/engine";
import { attemptFailure } from "../failure/attempt-error.ts";
import type { FailurePlace } from "../failure/attempt-error.ts";
import type { StackMapper } from "../failure/map-stack.ts";
import { AttemptCounters } from "./attempt-counters.ts";
import { AttemptFiles } from "./attempt-files.ts";
import type { AttemptIo } from "./attempt-io.ts";
import { BadRecords } from "./bad-records.ts";
import { FailureNote } from "./failure-note.ts";
import { awaitLeftWork, pendingWork } from "./left-work.ts";
import type { AttemptLoop, PendingWork } from "./left-work.ts";
import { PartScope } from "./part-scope.ts";

/** What the runner is given for one attempt. */
export interface AttemptInput {
  readonly order: AttemptOrder;
  readonly program: JobProgram;
  readonly io: AttemptIo;
  /** Cells of `createMeterCells`; the runner begins them anew. */
  readonly meter: Float64Array;
  /** Memory of the table or sort buffer: made once a host, lent to one attempt after the other. */
  readonly memory: KernelMemory;
  /** Distinguishes this try's output files from all others of the attempt: `[a-z0-9]{1,32}`. */
  readonly tryName: string;
  /** Maps stacks to the job's source; without it messages have no stack. */
  readonly stack?: StackMapper;
  /** Pairs between two runs of `combine`; the SDK's number unless a test wants to see more of them. */
  readonly combinePairs?: number;
  /** Called first, with what is to be told of errors that no call of the engine can catch. */
  readonly onStart?: (stray: (thrown: unknown, of?: string) => void) => void;
  /** Told of an `emit` that came after this attempt had ended: it can be failed no more. */
  readonly onLate?: (refusal: MillraceError) => void;
  /** The thread's loop, where it runs nothing else. */
  readonly loop?: AttemptLoop;
  /** Sees each output record before the format writes it. */
  readonly onRecord?: (output: string, record: unknown) => void;
}

/** Where user code is. Fields are set on the hot path, so they are plain. */
export interface AttemptPlace {
  uri: string;
  offset: number;
  record: Uint8Array | undefined;
  key: (() => string) | undefined;
}

/** A function of the job, by what it is and which part's. */
export interface Caller {
  readonly name: UserFunctionName;
  readonly part: number;
}

/** The state of one attempt. */
export class AttemptRun {
  readonly input: AttemptInput;
  readonly counters = new AttemptCounters();
  readonly badRecords = new BadRecords();
  readonly note = new FailureNote();
  readonly gate = new EmitGate();
  readonly place: AttemptPlace = { uri: "", offset: 0, record: undefined, key: undefined };
  readonly files: AttemptFiles;
  /** The part whose function the engine calls; functions called by an `emit` of another note their own. */
  part = 0;
  readonly #scopes: readonly PartScope[];
  #running: string | undefined;
  #pending: PendingWork = new Map();
  #isOver = false;
  readonly #stray = Promise.withResolvers<never>();

  constructor(input: AttemptInput) {
    this.input = input;
    const { program, order } = input;
    const { brief, attempt, work } = order;
    // Only a setup that waits looks at it.
    this.#stray.promise.catch(() => undefined);
    input.onStart?.((thrown, of) => {
      this.stray(thrown, of);
    });
    const shared = {
      params: parseParams(program.params, brief.params),
      count: this.counters.count,
      file: (name: string): Uint8Array => this.#readSideFile(name),
    };
    this.files = new AttemptFiles(this, work.kind === "sample");
    const seed = `${brief.seed}/${attempt.stage}/${attempt.task}`;
    this.#scopes = program.parts.map(
      (part, index) =>
        new PartScope(part, {
          shared,
          // Parts do not share a sequence: what one draws is none of the other's.
          seed: index === 0 ? seed : `${seed}/${index}`,
          outputs: this.files.writersOf(part),
        }),
    );
  }

  /** The stage of the program that this attempt is of. */
  stage(): StageProgram {
    const { program, order } = this.input;
    return stageOf(program, order.attempt.stage);
  }

  /** What functions of a part are given. */
  scope(part: number): PartScope {
    const scope = this.#scopes[part];
    invariant(scope !== undefined, `part ${part} is one of the job's ${this.#scopes.length}`);
    return scope;
  }

  /** Records come from this part of a split from now on. */
  enterSplit(split: { readonly uri: string; readonly offset: number }): void {
    for (const scope of this.#scopes) scope.enterSplit(split);
  }

  /** Run `setup` of each of `parts`, in their order; it may be asynchronous. */
  async setup(parts: Iterable<number>): Promise<void> {
    for (const part of [...new Set(parts)].sort((a, b) => a - b)) {
      const scope = this.scope(part);
      if (scope.program.setup === undefined) continue;
      this.part = part;
      this.#running = "setup";
      await Promise.race([scope.setup(), this.#stray.promise]);
      this.#running = undefined;
    }
    // What setup leaves is meant to go on.
    this.#pending = pendingWork();
  }

  /** Note an error of user code outside of a call by the engine: of a timer, or of a promise that nobody awaits. */
  stray(thrown: unknown, of = "this attempt"): void {
    this.note.note(thrown, { strayOf: of });
    this.#stray.reject(thrown);
  }

  /**
   * Let what user code left behind end: a promise or a timer that emits after its function returned is found while the
   * attempt can still fail for it.
   *
   * @throws {MillraceError} E_ASYNC_USER_CODE when it does not end; what it threw.
   */
  async settle(): Promise<void> {
    await awaitLeftWork({
      before: this.#pending,
      loop: this.input.loop,
      stray: this.#stray.promise,
      check: () => {
        this.note.check();
      },
      what: this.input.order.work.kind === "reduce" ? "reduce" : "map",
    });
  }

  /** The attempt has ended, whichever way: what still comes is late. */
  end(): void {
    this.#isOver = true;
  }

  /** Refuse an `emit` whose function does not run, also where user code catches the refusal. @throws {MillraceError} E_EMIT_AFTER_END. */
  refuseEmit(caller: Caller): never {
    throw this.refuseLate("Cannot emit", caller);
  }

  /**
   * Refuse what a function does with what it was given when another one runs, or none.
   *
   * @param act - such as `Cannot emit`.
   * @param caller - the function that was given it, where that is known.
   * @returns the refusal, noted, to be thrown.
   */
  refuseLate(act: string, caller?: Caller): MillraceError {
    const refusal = new MillraceError("E_EMIT_AFTER_END", `${act}: ${this.#lateness(caller?.name)}`);
    if (this.#isOver) this.input.onLate?.(refusal);
    this.note.note(refusal, caller === undefined ? {} : { part: caller.part });
    return refusal;
  }

  #lateness(name: string | undefined): string {
    const { running } = this.gate;
    if (running !== undefined)
      return `"${running}" runs, and this "emit" was given to "${name}"; emit in the function that was given it`;
    const { attempt } = this.input.order;
    const of = this.#isOver ? `, in attempt ${attemptName(attempt)}, which has ended` : "";
    const function_ = name === undefined ? "the user function" : `the ${name}`;
    return `${function_} that it was given to has returned${of}; emit before it returns, and do the waiting in setup`;
  }

  /** Call what may be a function of a part, outside of its records. @throws what it throws, noted as that part's. */
  guard<T>({ name, part }: { readonly name: string; readonly part: number }, call: () => T): T {
    try {
      return call();
    } catch (thrown) {
      throw this.note.note(thrown, { running: name, part });
    }
  }

  /** Look at what a user function returned. Its text names the function. */
  checkReturned(returned: unknown, what: UserFunctionName): void {
    this.#running = what;
    checkReturned(returned, what);
    this.#running = undefined;
  }

  /** Finish all output files and count them. */
  finishFiles(): readonly OutputFile[] {
    const files = this.files.finish();
    for (const file of files) {
      this.counters.add("millrace.records.out", file.records);
      this.counters.add("millrace.bytes.out", file.bytes);
    }
    return files;
  }

  /** Read a side file. One that was not shipped is the job's fault, which may do without; a disk that fails is nobody's. */
  #readSideFile(name: string): Uint8Array {
    const { order, io } = this.input;
    const paths = order.filePaths ?? {};
    const path = typeof name === "string" && Object.hasOwn(paths, name) ? paths[name] : undefined;
    if (path === undefined) throw notShipped(name, Object.keys(paths));
    try {
      return io.readFile(path);
    } catch (thrown) {
      throw this.note.note(thrown);
    }
  }

  /** Describe a failure of this attempt at its place. */
  failure(thrown: unknown): AttemptFailure {
    const noted = this.note.find(thrown);
    const running = noted === undefined ? (this.#running ?? this.gate.running) : noted.running;
    const part = noted === undefined ? this.part : noted.part;
    const { parts } = this.input.program;
    const job = parts.length > 1 && part !== undefined ? parts[part]?.name : undefined;
    const place: FailurePlace = {
      ...(running === undefined ? {} : { running }),
      ...(job === undefined ? {} : { job }),
      ...(noted?.strayOf === undefined ? {} : { strayOf: noted.strayOf }),
      ...(this.place.record === undefined ? {} : { input: { ...this.place, record: this.place.record } }),
      ...(this.place.key === undefined ? {} : { key: this.place.key() }),
    };
    return attemptFailure(thrown, place, this.input.stack);
  }
}

/** A stage of a program. @throws {MillraceError} E_INTERNAL when the plan and the job have different stages. */
export function stageOf(program: JobProgram, index: number): StageProgram {
  const stage = program.stages[index];
  if (stage !== undefined) return stage;
  throw new MillraceError(
    "E_INTERNAL",
    `Cannot run the attempt: stage ${index} is not in the job, which has ${program.stages.length} stages; report this bug of Millrace`,
  );
}

function notShipped(name: unknown, shipped: readonly string[]): MillraceError {
  const known = shipped.length === 0 ? "no file was" : `these were: ${shipped.map((each) => quote(each)).join(", ")}`;
  const [shown, given] = typeof name === "string" ? [quote(name), name] : [`a ${typeof name}`, "NAME"];
  return new MillraceError(
    "E_PARAMETER",
    `Cannot read side file ${shown}: it was not shipped with the job, ${known}; pass --file ${given}=PATH, or files: { ${quote(given)}: … } to testJob`,
  );
}
