// The reduce side of an aggregation: the result of a group to a row of its output, or, in a grouping with a top list, to
// the stage that keeps the first groups of all.

import { invariant } from "@millrace/core";
import {
  ByteSink,
  type ExpressionTools,
  type GroupKey,
  type GroupResults,
  type KeyCodec,
  type RankedGroup,
  compileExpressions,
  optionalCodec,
  plainValueCodec,
} from "@millrace/data";
import type { NamedWriters, StepEmit } from "../program/user-functions.ts";
import type { Grouping, TopRule } from "./aggregation-plan.ts";

/** A group as the reduce stage gives it. */
export interface PresentedGroup {
  readonly key: GroupKey;
  readonly value: GroupResults;
}

/** Writes a group's row, or hands it on. */
export type WriteGroup = (group: PresentedGroup, emit: StepEmit, outputs: NamedWriters) => void;

/** What writers of groups need beside their grouping. */
export interface GroupTools {
  readonly tools: ExpressionTools;
  /** Of the first shuffle. */
  readonly keyCodec: KeyCodec<GroupKey>;
  /** The value of a top rule's count. */
  readonly topCount: (rule: TopRule) => number;
}

/** Make the writer of a grouping's groups, for one attempt. */
export function createWriteGroup(grouping: Grouping, group: GroupTools): WriteGroup {
  const keeps = createHaving(grouping, group.tools);
  const rowOf = createRowOf(grouping);
  const { name, top } = grouping;
  if (top !== undefined) {
    const rankOf = createRank(grouping.ordinal, top, group);
    return (presented, emit) => {
      if (keeps === undefined || keeps(rowOf(presented.key.key, presented.value)))
        emit(grouping.ordinal, rankOf(presented));
    };
  }
  return ({ key, value }, _emit, outputs) => {
    const row = rowOf(key.key, value);
    if (keeps === undefined || keeps(row)) writerOf(outputs, name)(row);
  };
}

/** The writer of a grouping's output. */
export function writerOf(outputs: NamedWriters, name: string): NamedWriters[string] {
  const write = outputs[name];
  invariant(write !== undefined, "a grouping has an output");
  return write;
}

/** Make the function that puts a row together: first what is grouped by, then the results. */
export function createRowOf(
  grouping: Grouping,
): (key: readonly unknown[], results: readonly unknown[]) => Readonly<Record<string, unknown>> {
  const keys = grouping.keys.map(({ name }) => name);
  const { measures } = grouping;
  return (key, results) => {
    const row: Record<string, unknown> = {};
    for (let index = 0; index < keys.length; index++) row[keys[index] as string] = key[index];
    for (const { name, result } of measures) row[name] = results[result];
    return row;
  };
}

function createHaving(grouping: Grouping, tools: ExpressionTools): ((row: unknown) => boolean) | undefined {
  if (grouping.having === undefined) return undefined;
  const { evaluate, useRecord } = compileExpressions([grouping.having], tools);
  return (row) => {
    useRecord(row);
    return evaluate[0]?.() === true;
  };
}

function createRank(ordinal: number, rule: TopRule, group: GroupTools): (presented: PresentedGroup) => RankedGroup {
  const count = group.topCount(rule);
  const codec = optionalCodec(rule.codec);
  const rank = new ByteSink();
  const key = new ByteSink();
  const payload = new ByteSink();
  return ({ key: { key: values }, value }) => {
    rank.clear();
    codec.encodeTo(value[rule.result] ?? null, rank);
    key.clear();
    group.keyCodec.encodeTo({ ordinal, key: values }, key);
    payload.clear();
    plainValueCodec.encodeTo(value, payload);
    return { count, rank: rank.view(), key: key.view(), payload: payload.view() };
  };
}
