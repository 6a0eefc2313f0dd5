import { expect, test } from "vitest";
import { differenceOf } from "../../check/answer.ts";

const answer = (hash: string, near?: Readonly<Record<string, number>>) => ({
  size: "2 rows",
  hash,
  ...(near === undefined ? {} : { near: new Map(Object.entries(near)) }),
});

test("differenceOf() names both hashes", () => {
  expect(differenceOf(answer("a"), answer("b"), 0)).toBe("2 rows with hash b, expected 2 rows with hash a");
  expect(differenceOf(answer("a"), answer("a"), 0)).toBeUndefined();
});

test("differenceOf() lets numbers differ by the tolerance, and no more", () => {
  expect(differenceOf(answer("a", { p99: 100 }), answer("a", { p99: 101 }), 0.02)).toBeUndefined();
  expect(differenceOf(answer("a", { p99: 100 }), answer("a", { p99: 103 }), 0.02)).toBe(
    '103 for "p99", expected 100 within 2 %',
  );
  expect(differenceOf(answer("a", { p99: 100 }), answer("a", { p95: 100 }), 0.02)).toBe(
    'no number for "p99", expected 100',
  );
});

test("differenceOf() takes what is no number for a difference, on either side", () => {
  const nothing = answer("a", { p99: Number.NaN });
  expect(differenceOf(answer("a", { p99: 100 }), nothing, 0.02)).toBe('NaN for "p99", expected 100 within 2 %');
  expect(differenceOf(nothing, answer("a", { p99: 100 }), 0.02)).toBe('100 for "p99", expected NaN within 2 %');
});

test("differenceOf() does not ask for numbers that one does not compute", () => {
  expect(differenceOf(answer("a", { p99: 100 }), answer("a"), 0.02)).toBeUndefined();
});
