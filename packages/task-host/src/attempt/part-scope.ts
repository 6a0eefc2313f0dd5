// What the functions of one part of a job are given. A context never changes: with each file there is another.

import { seededRandom } from "@millrace/sdk/engine";
import type { NamedWriters, ParamValues, PartProgram, StepMapContext } from "@millrace/sdk/engine";

/** What all contexts of an attempt have in common. */
export interface SharedContext {
  readonly params: ParamValues;
  readonly count: (name: string, by?: number) => void;
  readonly file: (name: string) => Uint8Array;
}

// What a map function of a later job sees, whose records come from a reduce and no file.
const noSplit = Object.freeze({ uri: "", offset: 0 });

/** The contexts of one part. */
export class PartScope {
  readonly program: PartProgram;
  /** For map, combine and reduce; the latter two see no `split` in their types. */
  context: StepMapContext;
  readonly #shared: SharedContext;

  constructor(
    program: PartProgram,
    options: { readonly shared: SharedContext; readonly seed: string; readonly outputs: NamedWriters },
  ) {
    const { shared, seed, outputs } = options;
    this.program = program;
    this.#shared = shared;
    this.context = { ...shared, random: seededRandom(seed), state: undefined, outputs, split: noSplit };
  }

  /** Run `setup`, if the part has one; what it gives becomes `state`. */
  async setup(): Promise<void> {
    const state = await this.program.setup?.({ ...this.#shared, random: this.context.random });
    this.context = { ...this.context, state };
  }

  /** Records come from this part of a split from now on. */
  enterSplit(split: StepMapContext["split"]): void {
    this.context = { ...this.context, split };
  }
}
