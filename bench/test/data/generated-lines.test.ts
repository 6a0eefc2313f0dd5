import { expect, test } from "vitest";
import { createCustomersSource, createOrdersSource } from "../../data/join-rows.ts";
import { createDistinctWordsSource } from "../../data/distinct-words.ts";
import { createManyWordsSource } from "../../data/many-words.ts";
import { createPrintableRowsSource } from "../../data/printable-rows.ts";
import { spellWord } from "../../data/spell-word.ts";
import type { LineSource } from "../../../packages/cli/src/gen/line-source.ts";

function textOf(source: LineSource, fills = 4): string {
  const buffer = new Uint8Array(256 * 1024);
  let text = "";
  for (let count = 0; count < fills; count += 1) {
    // A source of lines, no array.
    // eslint-disable-next-line unicorn/no-array-fill-with-reference-type
    text += Buffer.from(buffer.buffer, 0, source.fill(buffer, 0)).toString("latin1");
  }
  return text;
}

test("all sources give the same bytes each time, in whole lines", () => {
  const makers = [
    createManyWordsSource,
    createDistinctWordsSource,
    createPrintableRowsSource,
    () => createOrdersSource(10_000),
    createCustomersSource,
  ];
  for (const make of makers) {
    const text = textOf(make());
    expect(text.endsWith("\n")).toBe(true);
    expect(textOf(make())).toBe(text);
  }
});

test("spellWord() gives each number its own word", () => {
  const words = new Set(Array.from({ length: 120_000 }, (_, rank) => spellWord(rank)));
  expect(words.size).toBe(120_000);
});

test("createDistinctWordsSource() never repeats a word, of 31.5 bytes with its blank on average", () => {
  const text = textOf(createDistinctWordsSource());
  const words = text.trimEnd().split(/\s/u);
  expect(new Set(words).size).toBe(words.length);
  expect(text.length / words.length).toBeCloseTo(31.5, 0);
});

test("createPrintableRowsSource() gives rows of 100 bytes with random keys", () => {
  const rows = textOf(createPrintableRowsSource()).trimEnd().split("\n");
  expect(rows.every((row) => /^[\w+-]{10}[0-9A-F]{32}([A-Z])\1{56}$/u.test(row))).toBe(true);
  expect(new Set(rows.map((row) => row.slice(0, 10))).size).toBe(rows.length);
});

test("a fifth of the orders have no customer, and customers are there once", () => {
  const bytes = 400_000;
  const customers = new Set<string>();
  for (const line of textOf(createCustomersSource(), 1)
    .slice(0, bytes / 8)
    .split("\n"))
    customers.add(line.split("\t")[0] ?? "");
  const orders = textOf(createOrdersSource(bytes)).trimEnd().split("\n");
  const share = orders.filter((line) => customers.has(line.split("\t")[0] ?? "")).length / orders.length;
  expect(share).toBeGreaterThan(0.75);
  expect(share).toBeLessThan(0.85);
});
