// What an attempt of an aggregation keeps: its expressions, compiled when they are first needed, with the job's
// parameters, side tables, patterns and time zones.

import { invariant } from "@millrace/core";
import {
  type ExpressionTools,
  type GroupKey,
  type KeyCodec,
  type ParameterMark,
  type TopGroup,
  plainValueCodec,
} from "@millrace/data";
import { compilePattern } from "../expression/re2-pattern.ts";
import { readSideTable } from "../expression/read-side-table.ts";
import { openTimeZone } from "../expression/time-zone.ts";
import type { SetupContext } from "../job/context.ts";
import type { NamedWriters, ParamValues, StepEmit } from "../program/user-functions.ts";
import type { AggregationPlan } from "./aggregation-plan.ts";
import { topCountOf } from "./check-params.ts";
import { type MapRecord, allGroupings, createMapRecord } from "./map-rows.ts";
import { type PresentedGroup, type WriteGroup, createRowOf, createWriteGroup, writerOf } from "./write-groups.ts";

/** One for each attempt: the state of the aggregation's part. */
export class AggregationRun {
  readonly #plan: AggregationPlan;
  readonly #keyCodec: KeyCodec<GroupKey>;
  readonly #params: ParamValues;
  readonly #tools: ExpressionTools;
  #mapRecord: MapRecord | undefined;
  /** Groupings that the next record is for. */
  #left = allGroupings;
  #writers: readonly WriteGroup[] | undefined;

  constructor(plan: AggregationPlan, keyCodec: KeyCodec<GroupKey>, context: SetupContext<ParamValues>) {
    this.#plan = plan;
    this.#keyCodec = keyCodec;
    this.#params = context.params;
    this.#tools = createTools(plan, context);
  }

  /** Emit the rows of a record, and raise the counters that it is of. */
  mapRecord(record: unknown, emit: StepEmit, count: (name: string) => void): void {
    this.#mapRecord ??= createMapRecord(this.#plan, this.#tools, count);
    const groupings = this.#left;
    this.#left = allGroupings;
    this.#mapRecord(record, emit, groupings);
  }

  /** Say which groupings the next record is for, by bits of their ordinals: what kernels left. */
  leave(groupings: number): void {
    this.#left = groupings;
  }

  /** Write the row of a group, or hand it to the stage of top lists. */
  writeGroup(group: PresentedGroup, emit: StepEmit, outputs: NamedWriters): void {
    this.#writers ??= this.#plan.groupings.map((grouping) =>
      createWriteGroup(grouping, {
        tools: this.#tools,
        keyCodec: this.#keyCodec,
        topCount: ({ count }) => topCountOf(this.#plan, count, this.#params),
      }),
    );
    const write = this.#writers[group.key.ordinal];
    invariant(write !== undefined, "a group is of a grouping");
    write(group, emit, outputs);
  }

  /** Write the rows of a top list. */
  writeTop(ordinal: number, groups: readonly TopGroup[], outputs: NamedWriters): void {
    const grouping = this.#plan.groupings[ordinal];
    invariant(grouping !== undefined, "a top list is of a grouping");
    const rowOf = createRowOf(grouping);
    const write = writerOf(outputs, grouping.name);
    for (const { key, payload } of groups)
      write(rowOf(this.#keyCodec.decode(key).key, plainValueCodec.decode(payload) as readonly unknown[]));
  }
}

function createTools(plan: AggregationPlan, context: SetupContext<ParamValues>): ExpressionTools {
  return {
    parameter: (mark: ParameterMark) => context.params[plan.paramNames.get(mark) ?? ""] as string | number | boolean,
    pattern: compilePattern,
    // Several expressions of an aggregation often share a zone or a table.
    zone: once(openTimeZone),
    sideTable: once((table) => readSideTable(table, context.file(table.file))),
  };
}

/** Make each answer once. */
function once<K, T>(make: (of: K) => T): (of: K) => T {
  const made = new Map<K, T>();
  return (of) => {
    const known = made.get(of);
    if (known !== undefined) return known;
    const fresh = make(of);
    made.set(of, fresh);
    return fresh;
  };
}
