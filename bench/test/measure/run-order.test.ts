import { expect, test } from "vitest";
import { orderOfRound } from "../../measure/run-order.ts";

test("orderOfRound() begins each round with the next contestant", () => {
  expect([0, 1, 2, 3].map((round) => orderOfRound(["A", "B", "C"], round).join(""))).toEqual([
    "ABC",
    "BCA",
    "CAB",
    "ABC",
  ]);
  expect(orderOfRound([], 3)).toEqual([]);
});
