import { expect, test } from "vitest";
import { median, pairedRatio } from "../../measure/statistics.ts";

test("median() of an even count is the mean of the two middle values", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
  expect(median([])).toBeNaN();
});

test("pairedRatio() divides round by round, so that a slow round of both leaves the ratio", () => {
  const ratio = pairedRatio([2, 20, 2, 2, 2], [1, 10, 1, 1, 1]);
  expect([ratio.median, ratio.low, ratio.high]).toEqual([2, 2, 2]);
});

test("pairedRatio() of five pairs spans all of them and says what that covers", () => {
  const ratio = pairedRatio([1, 2, 3, 4, 5], [1, 1, 1, 1, 1]);
  expect(ratio).toEqual({ median: 3, low: 1, high: 5, coverage: 0.9375, pairs: 5 });
});

test("pairedRatio() leaves out the extremes once the others cover 90 %", () => {
  // Of nine the second and the eighth: 1 - 2 (1 + 9) / 2^9.
  const ratio = pairedRatio([9, 8, 7, 6, 5, 4, 3, 2, 1], Array<number>(9).fill(1));
  expect(ratio).toMatchObject({ median: 5, low: 2, high: 8 });
  expect(ratio.coverage).toBeCloseTo(1 - 20 / 512, 12);
});

test("pairedRatio() of one pair covers nothing", () => {
  expect(pairedRatio([3], [2])).toEqual({ median: 1.5, low: 1.5, high: 1.5, coverage: 0, pairs: 1 });
});
