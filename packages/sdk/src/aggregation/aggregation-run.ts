// What an attempt of an aggregation keeps: its expressions, compiled when they are first needed, with the job's
// parameters, side tables, patterns and time zones.

import { invariant } from "@millrace/core";
import { type ExpressionTools, type GroupKey, type KeyCodec, type TopGroup, plainValueCodec } from "@millrace/data";
import { createExpressionTools } from "../expression/create-tools.ts";
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
    this.#tools = createExpressionTools(plan.paramNames, context);
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
