// Matches of a pattern in lines as keys: of a pattern that is a fixed number of characters of ASCII, each one of a set. A line
// in which a match may begin is looked at; one with other characters than those of ASCII is left to the function whole.

import { textCodec } from "../codec/text-codec.ts";
import { invariant } from "../data-error.ts";
import type { KeySlices, MapOutput } from "../map/map-output-face.ts";
import type { KernelMemory } from "../memory/kernel-memory.ts";
import type { RecordBatch } from "../split/split-reader.ts";
import type { BatchStep } from "./batch-step.ts";
import { recordAt } from "./record-at.ts";
import { type TextKernels, textKernels } from "./text-kernels.ts";

/** What is looked for. */
export interface PlainPattern {
  /** For each place of a match the characters that may stand there: 128 flags each. 1 to 256 places. */
  readonly places: readonly Uint8Array[];
  /** Characters that each match has, as UTF-8: one or more, which are looked for. */
  readonly text: Uint8Array;
  /** The place at which they begin. */
  readonly textAt: number;
}

/**
 * Make the step that takes each match of a line, one behind the other, as a key without a value.
 *
 * @returns undefined where there are no kernels, or keys are no texts that `output` takes where they lie.
 */
export function takeMatches(
  memory: KernelMemory,
  { slices, wires }: Pick<MapOutput<unknown, unknown>, "slices" | "wires">,
  pattern: PlainPattern,
): BatchStep | undefined {
  const kernels = memory.open(textKernels);
  return kernels === undefined || memory.place === undefined || slices === undefined || wires[0] !== textCodec.wire
    ? undefined
    : new TakeMatchesStep(memory, { kernels, slices, pattern });
}

interface Options {
  readonly kernels: TextKernels;
  readonly slices: KeySlices<unknown>;
  readonly pattern: PlainPattern;
}

class TakeMatchesStep implements BatchStep {
  readonly #memory: KernelMemory;
  readonly #options: Options;
  readonly #bytes: Uint8Array;
  readonly #block: number;

  constructor(memory: KernelMemory, options: Options) {
    invariant(memory.place !== undefined, "there are kernels");
    this.#memory = memory;
    this.#options = options;
    this.#bytes = memory.place.bytes;
    this.#block = memory.place.block;
  }

  readonly mapFrom = (batch: RecordBatch, first: number): number => {
    const base = this.#memory.baseOf(batch);
    if (base === undefined) return first;
    const next = this.#takeFrom(batch, first, base);
    this.#options.slices.settle();
    return next;
  };

  /** @returns the first record that is left; none of its matches is taken. */
  #takeFrom({ offsets, count }: RecordBatch, first: number, base: number): number {
    const { kernels, slices, pattern } = this.#options;
    const { length } = pattern.places;
    const end = base + offsets[2 * count - 1]!;
    let [record, lineEnd] = [first, 0];
    // Behind the match before.
    let free = base + offsets[2 * first]!;
    for (let at = this.#find(free, end); at < end; at = this.#find(at + 1, end)) {
      if (at >= lineEnd) {
        record = recordAt(offsets, at - base, record, count);
        free = base + offsets[2 * record]!;
        lineEnd = base + offsets[2 * record + 1]!;
        if (kernels.findNonAscii(free, lineEnd) !== lineEnd) return record;
      }
      const begin = at - pattern.textAt;
      if (begin < free || begin + length > lineEnd || !this.#isMatch(begin)) continue;
      // Who does not take a key without a value takes none.
      if (!slices.take(begin, begin + length, undefined)) return record;
      free = begin + length;
    }
    return count;
  }

  /** Where the text stands first, or what is no ASCII. What takes keys works in the block too. */
  #find(at: number, end: number): number {
    const { kernels, pattern } = this.#options;
    this.#bytes.set(pattern.text, this.#block);
    return kernels.findTextOrNonAscii(at, end, this.#block, pattern.text.length);
  }

  #isMatch(at: number): boolean {
    const { places } = this.#options.pattern;
    for (let index = 0; index < places.length; index++)
      if (places[index]![this.#bytes[at + index]!] === 0) return false;
    return true;
  }
}
