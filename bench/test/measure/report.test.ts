import { expect, test } from "vitest";
import type { Measured } from "../../measure/measure-workload.ts";
import { figuresOf, formatReport } from "../../measure/report.ts";

const cost = (wallSeconds: number) => ({
  wallSeconds,
  cpuSeconds: 2 * wallSeconds,
  peakBytes: 2 ** 20 * wallSeconds,
  peakRssBytes: 2 ** 21,
});

function measured(name: string, walls: readonly (number | undefined)[], more: Partial<Measured> = {}): Measured {
  return {
    contestant: {
      name,
      kind: name === "c" ? "reference" : "engine",
      version: "1",
      author: "peer",
      command: () => undefined,
    },
    costs: walls.map((wall) => (wall === undefined ? undefined : cost(wall))),
    ...more,
  };
}

const answer = { size: "3 rows", hash: "abc" };

test("figuresOf() pairs only rounds in which both ran, and takes the highest memory", () => {
  const [ours, peer] = figuresOf([measured("millrace", [1, 2, 3]), measured("b", [2, undefined, 9])], 6e6);
  expect(ours).toMatchObject({ rounds: 3, wallSeconds: 2, cpuSeconds: 4, peakBytes: 3 * 2 ** 20, megabytesASecond: 3 });
  expect(peer).toMatchObject({ rounds: 2, wallSeconds: 5.5, ratio: { median: 2.5, low: 2, high: 3, pairs: 2 } });
});

test("formatReport() sorts by time, puts the reference in parentheses, and names who is left out or differs", () => {
  const figures = figuresOf(
    [
      measured("millrace", [1, 1], { answer }),
      measured("slow", [4, 4], { answer, difference: "2 rows, expected 3 rows" }),
      measured("c", [0.5, 0.5], { answer }),
      measured("lost", [], { failure: "has no program for it" }),
    ],
    1e6,
  );
  const report = formatReport(figures, "a guess");
  expect(report.split("\n").map((line) => line.split(" ")[0])).toEqual([
    "",
    "--------",
    "millrace",
    "(c)",
    "slow",
    "",
    "÷",
    "statistics",
    "left",
    "DIFFERS:",
    "",
  ]);
  expect(report).toContain("0.50  0.50–0.50");
  expect(report).toContain("left out: lost has no program for it");
  expect(report).not.toContain("answers agree");
});

test("formatReport() shows nothing where Millrace itself failed", () => {
  const figures = figuresOf([measured("millrace", [], { failure: "exit 1" }), measured("b", [2], { answer })], 1e6);
  const report = formatReport(figures, "a guess");
  expect(report).not.toContain("NaN");
  expect(report).toContain("left out: millrace exit 1");
});
