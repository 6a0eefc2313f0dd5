// Numbers of the configuration, read one way by every command. What is wrong with one is told with where it comes from: by a
// flag it is usage, else configuration.

import { availableParallelism } from "node:os";
import { MillraceError, isMillraceError, quote } from "@millrace/core";
import { parseBytes, parseWhole } from "../output/units.ts";
import type { ConfigName } from "./config-keys.ts";
import type { ConfigValue } from "./load-config.ts";

/** Beyond it one process has more to do than to start tasks. */
const slotsMax = 256;

/**
 * Give how many attempts run at a time; 0 stands for one for each core.
 * @throws {MillraceError} E_USAGE of a flag, E_CONFIGURATION of anything else.
 */
export function slotsOf(given: ConfigValue): number {
  const slots = read("slots", given, (what) => parseWhole(given.value, what, { min: 0, max: slotsMax }));
  return slots === 0 ? availableParallelism() : slots;
}

/** Least memory for pairs: below it every batch would be a spill. */
const taskMemoryBytesMin = 2 ** 20;

/** Most of it: addresses of kernels have 32 bits, and they need some for themselves. */
const taskMemoryBytesMax = 4_080 * 2 ** 20;

/** Give the memory for pairs of an attempt, in bytes. @throws {MillraceError} E_CONFIGURATION. */
export function taskMemoryOf(given: ConfigValue): number {
  const bytes = read("taskMemory", given, (what) => parseBytes(given.value, what));
  const fault =
    bytes < taskMemoryBytesMin
      ? "less than 1 MiB; set it to 64MiB or more"
      : bytes > taskMemoryBytesMax
        ? "more than 4,080 MiB, which one task cannot address; set it to 4080MiB or less, and use more slots"
        : undefined;
  if (fault === undefined) return bytes;
  throw new MillraceError(
    "E_CONFIGURATION",
    `Cannot use taskMemory of ${given.origin} ${quote(given.value)}: ${fault}`,
  );
}

function read(name: ConfigName, { origin }: ConfigValue, parse: (what: string) => number): number {
  if (origin === "flag") return parse(`--${name}`);
  try {
    return parse(`${name} of ${origin}`);
  } catch (thrown) {
    if (!isMillraceError(thrown)) throw thrown;
    throw new MillraceError("E_CONFIGURATION", thrown.message, { cause: thrown });
  }
}
