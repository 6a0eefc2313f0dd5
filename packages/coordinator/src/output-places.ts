// Outputs of live jobs and inputs of a submission by where they really are: the machine compares the text of URIs, and
// one place of HDFS has several spellings.

import type { JobId, JobSpec } from "@millrace/core";
import { MillraceError, globBase, isGlob, quote, urisOverlap } from "@millrace/core";
import type { Place, Places } from "@millrace/storage";
import { isPlaceWithin, placesOverlap } from "@millrace/storage";

/** An output that a live job or a submission under way has. */
export interface LiveOutput {
  readonly job: JobId;
  readonly uri: string;
  /** Of the submission: the same key gets the same job, so that it is in nobody's way. */
  readonly idempotencyKey?: string | undefined;
}

/** Refuses submissions whose output is an input, or another's output, under another spelling. */
export class OutputPlaces {
  readonly #places: Places;
  readonly #live: () => readonly LiveOutput[];
  /** Submissions that the machine may not know yet. */
  readonly #coming = new Map<JobId, LiveOutput & { readonly place: Place }>();

  /** @param live - outputs of all live jobs, as the machine knows them by now */
  constructor(places: Places, live: () => readonly LiveOutput[]) {
    this.#places = places;
    this.#live = live;
  }

  /**
   * Reserve the output of a submission until `release`, which the caller calls when the machine has answered. What the text
   * of URIs shows is left to the machine.
   * @throws {MillraceError} E_OUTPUT_OVERLAPS, E_OUTPUT_BUSY.
   */
  async reserve(job: JobId, spec: JobSpec, idempotencyKey: string | undefined): Promise<void> {
    const { uri } = spec.output;
    const place = await this.#places.placeOf(uri);
    for (const pattern of spec.inputs.flatMap(({ patterns }) => patterns)) {
      if (urisOverlap(isGlob(pattern) ? globBase(pattern) : pattern, uri)) continue;
      if (await this.#reads(pattern, place)) throw overlapError(uri, pattern);
    }
    const live = await Promise.all(
      this.#live().map(async (each) => ({ ...each, place: await this.#places.placeOf(each.uri) })),
    );
    const busy = [...live, ...this.#coming.values()].find(
      (each) =>
        !urisOverlap(each.uri, uri) &&
        placesOverlap(each.place, place) &&
        (idempotencyKey === undefined || each.idempotencyKey !== idempotencyKey),
    );
    if (busy !== undefined) throw busyError(uri, busy);
    this.#coming.set(job, { job, uri, place, idempotencyKey });
  }

  /** The machine has the submission, or has refused it. */
  release(job: JobId): void {
    this.#coming.delete(job);
  }

  /** As the machine has it: a pattern reads from its last directory without a wildcard on. */
  async #reads(pattern: string, output: Place): Promise<boolean> {
    return isGlob(pattern)
      ? isPlaceWithin(await this.#places.placeOf(globBase(pattern)), output)
      : placesOverlap(await this.#places.placeOf(pattern), output);
  }
}

function overlapError(uri: string, pattern: string): MillraceError {
  return new MillraceError(
    "E_OUTPUT_OVERLAPS",
    `Cannot write ${quote(uri)}: it is the same place as the input ${quote(pattern)}, or overlaps it, by the configuration of HDFS; choose an output outside every input`,
  );
}

function busyError(uri: string, { job, uri: other }: LiveOutput): MillraceError {
  return new MillraceError(
    "E_OUTPUT_BUSY",
    `Cannot write ${quote(uri)}: the live job ${quote(job)} writes to ${quote(other)}, which overlaps it; wait for it, or choose another output`,
  );
}
