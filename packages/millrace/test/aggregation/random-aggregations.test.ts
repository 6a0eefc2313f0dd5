// Random groupings by random expressions, through the whole engine, against the interpreter of expressions and plain
// arithmetic.

import {
  type ExpressionNode,
  type ExpressionTools,
  type ExpressionValue,
  interpretExpression,
  optionalCodec,
  splitWords,
  textCodec,
  type WordsNode,
  wireOfExpression,
} from "@millrace/data";
import {
  type Columns,
  type Condition,
  type Expr,
  type Input,
  type Kind,
  count,
  defineAggregation,
  distinct,
  max,
  sum,
  testJob,
} from "millrace";
import { createOutput, createTable, jobProgram } from "@millrace/sdk/engine";
import { describe, expect, it } from "vitest";
import {
  ExpressionMaker,
  choosers,
  columns,
  parameters,
  sideFile,
  tools as kitTools,
} from "../../../data/test/expression/expression-kit.ts";
import { wordsOf } from "../../../sdk/src/aggregation/expression-rules.ts";
import { createExpr, kindOfWire } from "../../../sdk/src/expression/expr.ts";
import { compilePattern } from "../../../sdk/src/expression/re2-pattern.ts";
import { scalarCodec } from "../../../sdk/src/expression/table.ts";
import { openTimeZone } from "../../../sdk/src/expression/time-zone.ts";
import { seededRandom } from "./log-lines.ts";

const zone = "Europe/Berlin";
const berlin = openTimeZone(zone);
const tools: ExpressionTools = { ...kitTools, pattern: compilePattern, zone: () => berlin };
type Row = Readonly<Record<string, unknown>>;
// Rows are taken as they are: JSON has no NaN.
const output = createOutput<unknown>({
  name: "none",
  extension: "txt",
  createWriter: () => ({ write: () => undefined }),
});
type TestRecord = Readonly<Record<string, ExpressionValue>>;

/** An input whose lines are the places of records. */
function inputOf(records: readonly TestRecord[]): Input<TestRecord> {
  const codecs = Object.fromEntries(
    columns.map(({ name, kind, optional }) => {
      const codec = scalarCodec(kind === "number" ? "double" : kind);
      return [name, optional ? optionalCodec(codec) : codec];
    }),
  ) as Columns;
  return createTable<TestRecord, Columns>(
    {
      name: "test",
      splitting: "delimiter",
      framing: { kind: "delimited", delimiter: "line" },
      createReader: () => ({
        read: (bytes, begin, end) => records[Number(new TextDecoder().decode(bytes.subarray(begin, end)))]!,
        reason: () => "",
      }),
    },
    codecs,
  );
}

const exprOf = (node: ExpressionNode): Expr<Kind> => createExpr(kindOfWire(wireOfExpression(node)), node);

/** A grouping by expressions, and what it means. */
interface RandomGrouping {
  readonly where: ExpressionNode;
  readonly keys: readonly ExpressionNode[];
  readonly number: ExpressionNode;
  readonly text: ExpressionNode;
  readonly time: ExpressionNode;
}

function nodesOf({ where, keys, number, text, time }: RandomGrouping): readonly ExpressionNode[] {
  return [where, ...keys, number, text, time];
}

/** The text that is taken apart. @throws {Error} for two of them. */
function textOf(grouping: RandomGrouping): WordsNode | undefined {
  return wordsOf(nodesOf(grouping), () => {
    throw new Error("two texts");
  });
}

function isAllowed(grouping: RandomGrouping): boolean {
  try {
    textOf(grouping);
    return true;
  } catch {
    return false;
  }
}

function defineRandom(groupings: readonly RandomGrouping[], input: Input<TestRecord>): unknown {
  const aggregations = groupings.map(({ where, keys, number, text, time }, index) => [
    `g${index}`,
    {
      where: exprOf(where) as Condition,
      groupBy: Object.fromEntries(keys.map((node, at) => [`key${at}`, exprOf(node)])),
      reduce: {
        n: count(),
        sum: sum(exprOf(number) as Expr<"number">),
        texts: distinct(exprOf(text)),
        last: max(exprOf(time)),
      },
      output,
    },
  ]);
  const params = Object.fromEntries([
    ...parameters.map(({ kind, mark }) => [kind, mark] as const),
    ...choosers.map((mark) => [`by-${mark.value}`, mark] as const),
  ]);
  return (defineAggregation as (definition: unknown) => unknown)({
    name: "random",
    params,
    input,
    aggregations: Object.fromEntries(aggregations) as unknown,
  });
}

/** What a record adds to a grouping, a row for each word; undefined when a value has no bytes. */
function rowsOf(grouping: RandomGrouping, record: TestRecord): readonly ExpressionValue[][] | undefined {
  const all = nodesOf(grouping);
  const words = textOf(grouping);
  const text = words === undefined ? undefined : interpretExpression(words.value, { record, tools });
  const each = words === undefined ? [undefined] : text === null ? [] : splitWords(text as string);
  const rows = each.map((word) =>
    all.map((node) => interpretExpression(node, { record, tools, ...(word === undefined ? {} : { word }) })),
  );
  const isEncodable = (value: ExpressionValue, node: ExpressionNode): boolean => {
    if (value === null) return true;
    try {
      scalarCodec(wireOfExpression(node)).encode(value);
      return true;
    } catch {
      return false;
    }
  };
  if (!rows.every((row) => row.every((value, index) => isEncodable(value, all[index]!)))) return undefined;
  return rows.filter(([holds]) => holds === true).map((row) => row.slice(1));
}

function expectedRows(grouping: RandomGrouping, records: readonly TestRecord[]): readonly Row[] {
  const keyCodecs = grouping.keys.map((node) => optionalCodec(scalarCodec(wireOfExpression(node))));
  const groups = new Map<
    string,
    { key: unknown[]; n: number; sum: number[]; texts: Set<string>; last: number | null }
  >();
  for (const record of records)
    for (const row of rowsOf(grouping, record) ?? []) {
      const encoded = keyCodecs.map((codec, index) => Buffer.from(codec.encode(row[index] as never)).toString("hex"));
      const name = encoded.join();
      // As it comes out of its bytes: -0 is 0.
      const key = keyCodecs.map((codec, index) => codec.decode(codec.encode(row[index] as never)));
      const group = groups.get(name) ?? { key, n: 0, sum: [], texts: new Set(), last: null };
      const [number, text, time] = row.slice(keyCodecs.length) as [number | null, string | null, number | null];
      group.n++;
      if (number !== null) group.sum.push(number);
      if (text !== null) group.texts.add(Buffer.from(textCodec.encode(text)).toString("hex"));
      if (time !== null) group.last = Math.max(group.last ?? time, time);
      groups.set(name, group);
    }
  return [...groups.values()].map(({ key, n, sum: numbers, texts, last }) => ({
    ...Object.fromEntries(key.map((value, index) => [`key${index}`, value])),
    n,
    // Few enough values, of few enough sizes, that plain addition in order of size says whether it is NaN or infinite.
    sum: summary(numbers),
    texts: texts.size,
    last: last === null ? null : last + 0,
  }));
}

/** What of a sum does not depend on how it is rounded. */
function summary(numbers: readonly number[]): string {
  if (numbers.some(Number.isNaN)) return "NaN";
  const up = numbers.includes(Number.POSITIVE_INFINITY);
  const down = numbers.includes(Number.NEGATIVE_INFINITY);
  if (up && down) return "NaN";
  if (up || down) return up ? "Infinity" : "-Infinity";
  return numbers.every((value) => Math.abs(value) < 1e6 && Number.isInteger(value * 4))
    ? String(numbers.reduce((a, b) => a + b, 0) + 0)
    : "some number";
}

const withoutSum = ({ sum: _sum, ...row }: Row): Row => row;
const show = (row: Row): string =>
  JSON.stringify(row, (_name, value: unknown) =>
    typeof value === "number" && !Number.isSafeInteger(value)
      ? String(value)
      : value instanceof Uint8Array
        ? [...value]
        : value,
  );

describe("random aggregations", () => {
  it("come to what the interpreter says", async () => {
    let groupingsRun = 0;
    let rowsCompared = 0;
    let exploded = 0;
    for (let seed = 1; seed <= 150; seed++) {
      const maker = new ExpressionMaker(seededRandom(seed), zone);
      const groupings = Array.from({ length: 3 }, (): RandomGrouping => ({
        where: maker.pick([
          { node: "or", conditions: [maker.expression("boolean", 2), { node: "isMissing", value: maker.any(2) }] },
          { node: "literal", wire: "boolean", value: true },
        ]),
        keys: Array.from({ length: maker.pick([0, 1, 1, 2, 3]) }, () => maker.any(3)),
        number: maker.expression("number", 3),
        text: maker.expression("text", 3),
        time: maker.expression("time", 3),
      })).filter(isAllowed);
      if (groupings.length === 0) continue;
      const all = Array.from({ length: 60 }, () => maker.record());
      const records = all.filter((record) => groupings.every((grouping) => rowsOf(grouping, record) !== undefined));
      const job = defineRandom(groupings, inputOf(records));
      expect(jobProgram(job).stages.length).toBe(2);
      const { outputs } = await testJob(job as never, {
        input: records.map((_record, index) => String(index)),
        files: { "side.csv": sideFile },
        maps: 3,
        reduces: 2,
      });
      for (const [index, grouping] of groupings.entries()) {
        const actual = (outputs as Readonly<Record<string, readonly Row[]>>)[`g${index}`]!;
        const expected = expectedRows(grouping, records);
        expect(actual.map((row) => show(withoutSum(row))).toSorted()).toEqual(
          expected.map((row) => show(withoutSum(row))).toSorted(),
        );
        const sums = new Map(expected.map((row) => [show(withoutSum(row)), row["sum"]]));
        for (const row of actual) {
          const wanted = sums.get(show(withoutSum(row)));
          if (wanted !== "some number") expect(String(row["sum"])).toBe(wanted);
        }
        groupingsRun++;
        rowsCompared += expected.length;
        if (textOf(grouping) !== undefined) exploded++;
      }
    }
    expect(groupingsRun).toBeGreaterThan(200);
    expect(rowsCompared).toBeGreaterThan(1_500);
    expect(exploded).toBeGreaterThan(20);
  });
});
